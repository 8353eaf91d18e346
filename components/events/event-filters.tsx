'use client'

import Form from 'next/form'
import { useRouter } from 'next/navigation'
import { useOptimistic, useTransition } from 'react'
import { type EventFilter, eventFilterQuery } from '@/lib/events/event-filter'
import { type EventType, eventTypes } from '@/lib/events/event-types'
import { eventTypeWords } from '@/lib/events/event-words'
import { showId } from '@/lib/type-id'
import { Button } from '../ui/button'
import { Field } from '../ui/field'
import { Input } from '../ui/input'
import { LinkButton } from '../ui/link-button'
import { Select } from '../ui/select'

const types = [
  { value: '', label: 'All events' },
  ...eventTypes.map((type) => ({ value: type, label: eventTypeWords[type] })),
]

type Props = { filter: EventFilter /** The name of the source of the filter. */; sourceName: string | undefined }

/** The filters of the event log. Each choice opens its own address, which starts at the newest event. */
export function EventFilters({ filter, sourceName }: Props) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  // Optimistic, so that a search submitted before the page arrives includes the chosen type.
  const [shown, setShown] = useOptimistic(filter)
  const addressOf = (wanted: EventFilter) => {
    const query = eventFilterQuery(wanted)
    return `/settings/events${query && `?${query}`}`
  }
  const choose = (type: EventType | undefined) =>
    startTransition(() => {
      const wanted = { ...shown, type }
      setShown(wanted)
      router.push(addressOf(wanted))
    })
  return (
    <search aria-busy={pending} className="flex flex-col gap-4">
      <Form
        action="/settings/events"
        className="grid items-end gap-4 md:grid-cols-[minmax(0,14rem)_minmax(0,24rem)_auto] md:justify-start"
      >
        <Field label="Event">
          <Select
            name="type"
            options={types}
            value={shown.type ?? ''}
            onChange={({ target }) => choose((target.value || undefined) as EventType | undefined)}
          />
        </Field>
        <Field label="Id of the event, feedback or message">
          <Input key={filter.subject} name="subject" type="search" mono defaultValue={filter.subject} maxLength={255} />
        </Field>
        {filter.sourceId && <input type="hidden" name="source" value={showId('source', filter.sourceId)} />}
        <Button type="submit">Search</Button>
      </Form>
      {filter.sourceId && (
        <p className="flex flex-wrap items-center gap-3">
          <span>Only from the source “{sourceName}”.</span>
          <LinkButton size="sm" href={addressOf({ ...shown, sourceId: undefined })}>
            All sources
          </LinkButton>
        </p>
      )}
    </search>
  )
}
