import { Button } from '../../ui/button'

type Props = {
  choices: { label: string; values: number[] }[]
  chosen: readonly number[]
  onChange: (values: number[]) => void
}

/** All, none and the low ones at one press. */
export const QuickChoices = ({ choices, chosen, onChange }: Props) => (
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
