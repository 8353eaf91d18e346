'use client'

import { useRouter } from 'next/navigation'
import { useOptimistic, useTransition } from 'react'
import { type EventFilter, eventFilterQuery } from '@/lib/events/event-filter'
import { type EventType, eventTypes } from '@/lib/events/event-types'
import { eventTypeWords } from '@/lib/events/event-words'
import type { WebhookChoice } from '@/lib/webhooks/find-webhooks'
import { WebhookPicker } from '../calls/webhook-picker'
import { FoldedFilters } from '../find/folded-filters'
import { NamedFilters } from '../find/named-filters'
import { Field } from '../ui/field'
import { MomentInput } from '../ui/moment-input'
import { Select } from '../ui/select'

const types = [
  { value: '', label: 'All events' },
  ...eventTypes.map((type) => ({ value: type, label: eventTypeWords[type] })),
]

type Props = {
  filter: EventFilter
  /** The name of the source of the filter. */
  sourceName: string | undefined
  /** The webhook of the filter. */
  webhook: WebhookChoice | undefined
}

const addressOf = (wanted: EventFilter) => {
  const query = eventFilterQuery(wanted)
  return `/settings/events${query && `?${query}`}`
}

/** The filters of the event log. Each choice opens its own address, which starts at the newest event. */
export function EventFilters({ filter, sourceName = '', webhook }: Props) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  // Optimistic, so that a second choice made before the page arrives includes the first.
  const [{ webhook: chosen, ...shown }, setShown] = useOptimistic({ ...filter, webhook })
  const choose = (change: EventFilter, fired = chosen) =>
    startTransition(() => {
      const wanted = { ...shown, ...change }
      setShown({ ...wanted, webhook: wanted.webhookId ? fired : undefined })
      router.push(addressOf(wanted))
    })
  const { type, since, until, sourceId, subject } = shown
  const named = [
    subject && { what: 'the id', id: subject, without: addressOf({ ...shown, subject: undefined }) },
    sourceId && { what: 'the source', id: sourceName, without: addressOf({ ...shown, sourceId: undefined }) },
  ].flatMap((each) => each || [])
  const set = [chosen, type, since, until].filter((value) => value !== undefined).length
  return (
    <search aria-busy={pending} className="flex flex-col gap-3">
      <FoldedFilters set={set}>
        <div className="grid gap-4 sm:grid-cols-2 md:grid-cols-4">
          <WebhookPicker
            label="Fired"
            any="Any WebHook, or none"
            chosen={chosen}
            onChoose={(webhook) => choose({ webhookId: webhook?.id }, webhook)}
          />
          <Field label="Event">
            <Select
              options={types}
              value={type ?? ''}
              onChange={({ target }) => choose({ type: (target.value || undefined) as EventType | undefined })}
            />
          </Field>
          <Field label="From">
            <MomentInput at={since} onChange={(since) => choose({ since })} />
          </Field>
          <Field label="Until">
            <MomentInput at={until} onChange={(until) => choose({ until })} />
          </Field>
        </div>
      </FoldedFilters>
      <NamedFilters named={named} />
    </search>
  )
}
