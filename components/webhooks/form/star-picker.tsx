import { Star } from 'lucide-react'
import type { Ref } from 'react'
import { Fieldset } from '../../ui/fieldset'
import { QuickChoices } from './quick-choices'
import { ToggleBox } from './toggle-box'

export type PickerProps = {
  /** The name of the choice: "Service ratings". */
  legend: string
  help?: string
  chosen: readonly number[]
  onChange: (values: number[]) => void
  error?: string
  /** The first box, for focus after an error. */
  focusRef?: Ref<HTMLInputElement>
}

const all = [1, 2, 3, 4, 5]

/** Stars 1 to 5, any number of them. */
export function StarPicker({ legend, help, chosen, onChange, error, focusRef }: PickerProps) {
  return (
    <Fieldset legend={<span className="sr-only">{legend}</span>} help={help} error={error}>
      <div className="grid max-w-96 grid-cols-5 gap-2">
        {all.map((rating) => (
          <ToggleBox
            key={rating}
            ref={rating === 1 ? focusRef : undefined}
            label={rating === 1 ? '1 star' : `${rating} stars`}
            checked={chosen.includes(rating)}
            onChange={() => onChange(toggled(chosen, rating))}
            className="h-13 gap-1"
          >
            <span className="font-medium tabular-nums">{rating}</span>
            <span aria-hidden className="flex gap-px">
              {all.slice(0, rating).map((star) => (
                <Star key={star} className="size-2.5 group-has-checked:fill-current" />
              ))}
            </span>
          </ToggleBox>
        ))}
      </div>
      <QuickChoices
        chosen={chosen}
        onChange={onChange}
        choices={[
          { label: 'All', values: all },
          { label: 'None', values: [] },
          { label: 'Low ones (1–3)', values: [1, 2, 3] },
        ]}
      />
    </Fieldset>
  )
}

/** Adds or removes one value and keeps the order. */
export const toggled = (chosen: readonly number[], value: number): number[] =>
  chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value].sort((a, b) => a - b)
