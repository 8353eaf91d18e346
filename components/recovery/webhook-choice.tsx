'use client'

import { useEffect, useState } from 'react'
import type { EventType } from '@/lib/events/event-types'
import { formats } from '@/lib/formats/formats'
import type { ReplayChoice } from '@/lib/recovery/replay-choices'
import { Checkbox } from '../ui/checkbox'
import { Input } from '../ui/input'

const searchFrom = 8
const foundAtMost = 50

type Props = {
  /** The type of the events to replay; undefined: of several types. */
  type: EventType | undefined
  chosen: readonly string[]
  onChoose: (webhookIds: string[]) => void
}

/** Chooses the WebHooks to which events are replayed. One that can't be sent to says why. */
export function WebhookChoice({ type, chosen, onChoose }: Props) {
  const [search, setSearch] = useState('')
  const [searched, setSearched] = useState(false)
  const choices = useChoices(search)
  if (choices === undefined) return <p className="text-muted">Loading the WebHooks…</p>
  if (choices === null)
    return <p className="text-warning">The WebHooks could not be loaded. Close this and try again.</p>
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-2 font-medium">To</legend>
      {(choices.length >= searchFrom || searched) && (
        <Input
          type="search"
          aria-label="Search WebHooks"
          placeholder="Search by name"
          value={search}
          onChange={({ target }) => {
            setSearch(target.value)
            setSearched(true)
          }}
        />
      )}
      <div className="flex max-h-60 flex-col gap-2 overflow-y-auto p-0.5">
        {choices.map(({ id, name, enabled, format }) => {
          const sends = type === undefined || formats[format].offers.some((offer) => offer.type === type)
          return (
            <Checkbox
              key={id}
              label={name}
              help={
                !enabled ? 'It is off' : sends ? undefined : `${formats[format].label} does not send this kind of event`
              }
              disabled={!enabled || !sends}
              checked={chosen.includes(id)}
              onChange={({ target }) =>
                onChoose(target.checked ? [...chosen, id] : chosen.filter((other) => other !== id))
              }
            />
          )
        })}
        {choices.length === 0 && <p className="text-muted">No WebHook matches.</p>}
      </div>
      {choices.length === foundAtMost && <p className="text-muted text-sm">The first 50. Search to find others.</p>}
    </fieldset>
  )
}

/** The WebHooks with `search` in their name; undefined while they load the first time, null when the hub does not answer. */
function useChoices(search: string): ReplayChoice[] | null | undefined {
  const [choices, setChoices] = useState<ReplayChoice[] | null>()
  useEffect(() => {
    const leaving = new AbortController()
    fetch(`/settings/events/webhooks?search=${encodeURIComponent(search)}`, {
      cache: 'no-store',
      redirect: 'manual',
      signal: leaving.signal,
    })
      .then((answer) => (answer.ok ? (answer.json() as Promise<ReplayChoice[]>) : null))
      .catch(() => null)
      .then((found) => leaving.signal.aborted || setChoices(found))
    return () => leaving.abort()
  }, [search])
  return choices
}
