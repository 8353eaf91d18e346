'use client'

import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect, useId, useMemo, useState } from 'react'
import type { SourceKind } from '@/lib/events/event-types'
import type { SourceChoice } from '@/lib/sources/source-queries'
import { countWords } from '@/lib/sources/source-words'
import { Button } from '../ui/button'
import { SourceBox } from './source-box'
import { SourceBoxFilters } from './source-box-filters'
import { useSourceSearch } from './use-source-search'

export type SourceBoxesProps = {
  /** The ids of the included sources. */
  value: string[]
  onChange: (ids: string[]) => void
  /** The sources that were included at first. */
  linked: readonly SourceChoice[]
  /** These are saved links: they can be taken out and put back even when `closed` is set. */
  saved: boolean
  /** Where sources are searched (app/settings/sources/find). */
  address: string
  /** Why none can be added now; undefined: they can. */
  closed: string | undefined
}

/** With fewer options left than this, the next ones are loaded. */
const few = 20
const none: ReadonlySet<string> = new Set()

/**
 * Two boxes, available and included, with chevrons between them, as in Customer Thermometer's “Webhooks”. On phones one
 * box is below the other.
 */
export function SourceBoxes({ value, onChange, linked, saved, address, closed }: SourceBoxesProps) {
  const id = useId()
  const [filter, setFilter] = useState({ search: '', kind: '' })
  const [known, setKnown] = useState(() => new Map(linked.map((source) => [source.id, source])))
  const [picked, setPicked] = useState({ available: none, included: none })
  const [said, setSaid] = useState('')
  const kind = filter.kind
  const search = filter.search.trim()
  const { found, endless, state, more, all } = useSourceSearch(address, search, kind)

  const included = useMemo(() => new Set(value), [value])
  const shows = (source: SourceChoice) =>
    (!kind || source.kind === kind) && `${source.name}\n${source.key}`.toLowerCase().includes(search.toLowerCase())
  const foundById = useMemo(() => new Map(found.map((source) => [source.id, source])), [found])
  const right = byName(value.flatMap((each) => known.get(each) ?? foundById.get(each) ?? [])).filter(shows)
  // A source that was taken out may be archived or not loaded yet.
  const takenOut = linked.filter((source) => !included.has(source.id) && shows(source))
  const left = byName([...new Map([...found, ...takenOut].map((source) => [source.id, source])).values()]).filter(
    (source) => !included.has(source.id),
  )
  const wanting = endless && state === 'found' && left.length < few
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each answer that leaves the box nearly empty
  useEffect(() => {
    if (wanting) more()
  }, [wanting, found])

  const add = (ids: string[]) => {
    const free = new Set(saved ? linked.map((source) => source.id) : [])
    const wanted = new Set(ids)
    const taken = left.filter((source) => wanted.has(source.id) && (!closed || free.has(source.id)))
    if (taken.length === 0)
      return setSaid(ids.length === 0 ? 'Select a source in the box Available first.' : (closed ?? ''))
    setKnown(new Map([...known, ...taken.map((source) => [source.id, source] as const)]))
    setPicked({ ...picked, available: none })
    onChange([...value, ...taken.map((source) => source.id)])
    setSaid(`${countWords(taken.length)} added; ${countWords(value.length + taken.length)} included.`)
  }
  const remove = (ids: string[]) => {
    const unwanted = new Set(ids)
    const kept = value.filter((each) => !unwanted.has(each))
    if (ids.length === 0) return setSaid('Select a source in the box Included first.')
    setPicked({ ...picked, included: none })
    onChange(kept)
    setSaid(`${countWords(value.length - kept.length)} removed; ${countWords(kept.length)} included.`)
  }

  const selectAvailable = async (wanted?: SourceKind) => {
    const every = endless ? await all() : found
    if (!every) return setSaid('Sources can’t be read right now. Select again in a moment.')
    const choices = [...new Map([...every, ...takenOut].map((source) => [source.id, source])).values()]
    pick(
      'available',
      choices.filter(({ id, kind }) => !included.has(id) && (!wanted || kind === wanted)),
    )
  }
  const pick = (box: keyof typeof picked, chosen: readonly SourceChoice[]) => {
    setPicked((before) => ({ ...before, [box]: new Set(chosen.map((source) => source.id)) }))
    setSaid(`${countWords(chosen.length)} selected.`)
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: it stands in the fieldset of the choice
    <div role="group" aria-label="Linked sources" className="flex flex-col gap-3">
      <SourceBoxFilters
        filter={filter}
        onChange={(next) => {
          setFilter(next)
          // Options that a filter hides are not moved.
          setPicked({ available: none, included: none })
        }}
      />
      <div className="grid gap-2 md:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)]">
        <SourceBox
          label="Available"
          count={`${left.length.toLocaleString('en')}${endless ? '+' : ''}`}
          sources={left}
          selected={picked.available}
          onSelect={(available) => setPicked({ ...picked, available })}
          onSelectAll={(wanted) => void selectAvailable(wanted)}
          onMove={add}
          onEnd={more}
          empty={emptyWords(state, search !== '' || kind !== '', included.size > 0)}
        />
        <div className="flex justify-center gap-2 md:flex-col">
          <Button
            aria-label="Add the selected sources"
            aria-describedby={closed && `${id}-closed`}
            icon={<ChevronRight aria-hidden className="max-md:rotate-90" />}
            className={picked.available.size === 0 || closed ? 'text-muted' : undefined}
            onClick={() => add([...picked.available])}
          />
          <Button
            aria-label="Remove the selected sources"
            icon={<ChevronLeft aria-hidden className="max-md:rotate-90" />}
            className={picked.included.size === 0 ? 'text-muted' : undefined}
            onClick={() => remove([...picked.included])}
          />
        </div>
        <SourceBox
          label="Included"
          count={right.length === value.length ? value.length : `${right.length} of ${value.length}`}
          sources={right}
          selected={picked.included}
          onSelect={(chosen) => setPicked({ ...picked, included: chosen })}
          onSelectAll={(wanted) =>
            pick(
              'included',
              right.filter((source) => !wanted || source.kind === wanted),
            )
          }
          onMove={remove}
          empty={value.length > 0 ? 'None of the included matches.' : 'Nothing is included yet.'}
        />
      </div>
      <p id={`${id}-closed`} hidden>
        {closed}
      </p>
      <p role="status" className="sr-only">
        {said}
      </p>
    </div>
  )
}

const order = new Intl.Collator('en')
const byName = (sources: SourceChoice[]) =>
  sources.sort((a, b) => order.compare(a.name.toLowerCase(), b.name.toLowerCase()) || (a.id < b.id ? -1 : 1))

function emptyWords(state: 'searching' | 'found' | 'failed', filtered: boolean, someIncluded: boolean): string {
  if (state === 'searching') return 'Searching…'
  if (state === 'failed') return 'Sources can’t be read right now. Search again in a moment.'
  if (filtered) return 'No other source matches.'
  return someIncluded
    ? 'Every source is included.'
    : 'There is no source yet. Each appears with its first event, or make one under Sources.'
}
