'use client'

import { useId } from 'react'
import { classNames } from '../../ui/class-names'

export type Position = 'on' | 'held' | 'off'

const words: Record<Position, string> = { on: 'On', held: 'Held', off: 'Off' }

type Props = {
  name: string
  position: Position
  busy: boolean
  onChange: (position: Position) => void
}

/** A switch with three positions: on, held, off. */
export function PositionSwitch({ name, position, busy, onChange }: Props) {
  const id = useId()
  return (
    <fieldset aria-busy={busy} className="inline-flex rounded-control border border-control bg-sunken p-0.5">
      <legend className="sr-only">{name} is</legend>
      {(Object.keys(words) as Position[]).map((each) => (
        <label
          key={each}
          className={classNames(
            'inline-flex min-h-7.5 cursor-pointer items-center rounded-[5px] px-3 font-medium text-muted text-sm transition-colors max-md:min-h-10',
            'has-checked:bg-raised has-checked:text-text has-checked:shadow-float has-focus-visible:outline-2 has-focus-visible:outline-ring has-focus-visible:outline-offset-2',
          )}
        >
          <input
            type="radio"
            name={id}
            value={each}
            checked={position === each}
            onChange={() => !busy && onChange(each)}
            className="sr-only"
          />
          {words[each]}
        </label>
      ))}
    </fieldset>
  )
}
