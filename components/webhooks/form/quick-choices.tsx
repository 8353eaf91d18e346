import { Button } from '../../ui/button'

type Props<Value> = {
  choices: { label: string; values: Value[] }[]
  chosen: readonly Value[]
  onChange: (values: Value[]) => void
}

/** Buttons that tick all, none or the low ones. */
export const QuickChoices = <Value,>({ choices, chosen, onChange }: Props<Value>) => (
  <div className="-ml-2.5 flex flex-wrap gap-1">
    {choices.map(({ label, values }) => {
      const current = values.length === chosen.length && values.every((value) => chosen.includes(value))
      return (
        <Button key={label} size="sm" variant="ghost" aria-pressed={current} onClick={() => onChange(values)}>
          {label}
        </Button>
      )
    })}
  </div>
)
