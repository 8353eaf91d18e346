'use client'

import { Check } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useId, useState } from 'react'
import type { SourceKind } from '@/lib/events/event-types'
import type { SourceChoice } from '@/lib/sources/source-queries'
import { Badge } from '../ui/badge'
import { classNames } from '../ui/class-names'
import { KindIcon } from './kind-icon'
import { SelectionControls } from './selection-controls'

type Props = {
  /** "Available", "Included". */
  label: string
  /** Beside the label. */
  count: ReactNode
  sources: readonly SourceChoice[]
  selected: ReadonlySet<string>
  onSelect: (ids: ReadonlySet<string>) => void
  /** Selects all of them, or all of a kind: more than are loaded, where there are more. */
  onSelectAll: (kind?: SourceKind) => void
  /** Moves these to the other box. */
  onMove: (ids: string[]) => void
  /** Called when the end of the list scrolls into view. */
  onEnd?: () => void
  /** Shown in place of an empty list. */
  empty: string
}

/** How many options are rendered at a time; more are as they scroll into view. */
const drawnAtOnce = 200

/**
 * One of the two boxes: a list with multiple selection. The focus stays on the list, so that it is not lost when an option
 * moves away. Arrows move the cursor, Space selects, Shift with arrows extends, Ctrl+A selects all, Enter moves.
 */
export function SourceBox({ label, count, sources, selected, onSelect, onSelectAll, onMove, onEnd, empty }: Props) {
  const id = useId()
  const [index, setIndex] = useState(0)
  const [limit, setLimit] = useState(drawnAtOnce)
  const active = Math.min(index, sources.length - 1)
  const drawn = sources.slice(0, limit)
  const optionId = (at: number) => `${id}-${sources[at]?.id}`

  const nearEnd = (at: number) => {
    if (at < drawn.length - 1) return
    setLimit(drawn.length + drawnAtOnce)
    if (drawn.length === sources.length) onEnd?.()
  }
  const go = (to: number, extend: boolean) => {
    const at = Math.max(0, Math.min(to, drawn.length - 1))
    setIndex(at)
    nearEnd(at)
    const source = sources[at]
    if (extend && source) onSelect(new Set(selected).add(source.id))
    requestAnimationFrame(() => document.getElementById(optionId(at))?.scrollIntoView({ block: 'nearest' }))
  }
  const toggle = (source: SourceChoice | undefined) => {
    if (!source) return
    const next = new Set(selected)
    if (!next.delete(source.id)) next.add(source.id)
    onSelect(next)
  }
  const press = (event: KeyboardEvent) => {
    const source = sources[active]
    const steps: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + 10,
      PageUp: active - 10,
      Home: 0,
      End: drawn.length - 1,
    }
    const step = steps[event.key]
    if (step !== undefined) go(step, event.shiftKey)
    else if (event.key === ' ') toggle(source)
    else if (event.key === 'Enter' && source) onMove(selected.size > 0 ? [...selected] : [source.id])
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey)) onSelectAll()
    else if (event.key !== 'Enter') return
    event.preventDefault()
  }

  return (
    <div className="flex min-w-0 flex-col gap-1">
      <p id={`${id}-label`} className="flex items-baseline justify-between gap-2 font-medium">
        {label}
        <span className="font-normal text-muted text-sm tabular-nums">{count}</span>
      </p>
      <SelectionControls of={label} onAll={onSelectAll} onNone={() => onSelect(new Set())} />
      <div className="relative">
        <div
          role="listbox"
          aria-labelledby={`${id}-label`}
          aria-multiselectable
          aria-activedescendant={active >= 0 ? optionId(active) : undefined}
          tabIndex={0}
          onKeyDown={press}
          onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) =>
            scrollTop + clientHeight > scrollHeight - 80 && nearEnd(drawn.length - 1)
          }
          className="group h-64 overflow-y-auto rounded-control border border-control bg-raised p-1 max-md:h-56"
        >
          {drawn.map((source, at) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys are taken by the list, which has the focus
            <div
              key={source.id}
              id={optionId(at)}
              role="option"
              tabIndex={-1}
              aria-selected={selected.has(source.id)}
              // The focus goes to the list, not to the option.
              onMouseDown={(event) => {
                event.preventDefault()
                event.currentTarget.parentElement?.focus({ preventScroll: true })
              }}
              onClick={() => {
                setIndex(at)
                toggle(source)
              }}
              onDoubleClick={() => onMove([source.id])}
              className={optionClasses(selected.has(source.id), at === active)}
            >
              <Option source={source} selected={selected.has(source.id)} />
            </div>
          ))}
        </div>
        {sources.length === 0 && (
          <p className="pointer-events-none absolute inset-0 grid place-items-center p-4 text-center text-muted text-sm">
            {empty}
          </p>
        )}
      </div>
    </div>
  )
}

const optionClasses = (selected: boolean, active: boolean) =>
  classNames(
    'flex min-h-9 cursor-default select-none items-center gap-2 rounded-[5px] px-2 py-1 max-md:min-h-11',
    selected ? 'bg-accent-fill text-accent-text' : 'hover:bg-sunken',
    active &&
      'group-focus-visible:outline-2 group-focus-visible:outline-ring group-focus-visible:outline-offset-[-2px]',
  )

const Option = ({ source: { name, key, kind, archived }, selected }: { source: SourceChoice; selected: boolean }) => (
  <>
    <KindIcon kind={kind} />
    <span className="min-w-0 flex-1">
      <span className="block truncate">{name}</span>
      {key !== name && <span className="block truncate font-mono text-muted text-xs">{key}</span>}
    </span>
    {archived && <Badge>Archived</Badge>}
    {selected && <Check aria-hidden className="size-4 shrink-0" />}
  </>
)
