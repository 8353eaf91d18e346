'use client'

import { classNames } from '../ui/class-names'
import { Field } from '../ui/field'
import { Input } from '../ui/input'
import { localInput, type RangeKey, rangeKeys, rangeOf, rangeWords, type TimeRange } from './time-ranges'

export type ChosenRange = { key: RangeKey; range: TimeRange }

type Props = {
  /** Undefined: nothing is chosen yet. */
  chosen: ChosenRange | undefined
  onChoose: (chosen: ChosenRange) => void
}

/** A time range: one of the usual ones, or its start and end. */
export function RangeChoice({ chosen, onChoose }: Props) {
  const choose = (key: RangeKey) =>
    onChoose({ key, range: key === 'own' ? (chosen?.range ?? rangeOf('today', new Date())) : rangeOf(key, new Date()) })
  const setEnd = (end: keyof TimeRange) => (text: string) => {
    const at = new Date(text).getTime()
    if (chosen && !Number.isNaN(at)) onChoose({ key: 'own', range: { ...chosen.range, [end]: at } })
  }
  return (
    <div className="flex flex-col gap-3">
      <fieldset className="flex flex-wrap gap-2">
        <legend className="mb-2 font-medium">Events that came in</legend>
        {rangeKeys.map((key) => (
          <button
            key={key}
            type="button"
            aria-pressed={chosen?.key === key}
            onClick={() => choose(key)}
            className={classNames(
              'min-h-9 rounded-control border px-3 font-medium transition-colors max-md:min-h-11',
              chosen?.key === key
                ? 'border-accent-border bg-accent-fill text-accent-text'
                : 'border-control text-text hover:bg-sunken',
            )}
          >
            {rangeWords[key]}
          </button>
        ))}
      </fieldset>
      {chosen?.key === 'own' && (
        <div className="grid gap-3 md:max-w-[28rem] md:grid-cols-2">
          {(['since', 'until'] as const).map((end) => (
            <Field key={end} label={end === 'since' ? 'From' : 'Until'}>
              <Input
                type="datetime-local"
                defaultValue={localInput(chosen.range[end])}
                onChange={({ target }) => setEnd(end)(target.value)}
              />
            </Field>
          ))}
        </div>
      )}
    </div>
  )
}
