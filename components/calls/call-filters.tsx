'use client'

import { useRouter } from 'next/navigation'
import { useOptimistic, useState, useTransition } from 'react'
import { type CallFilter, callFilterQuery, type ResultFilter } from '@/lib/calls/call-filter'
import type { CallFailure } from '@/lib/calls/failure'
import type { EventType } from '@/lib/events/event-types'
import { showId } from '@/lib/type-id'
import type { WebhookChoice } from '@/lib/webhooks/find-webhooks'
import { FoldedFilters } from '../find/folded-filters'
import { NamedFilters } from '../find/named-filters'
import { Field } from '../ui/field'
import { Folded } from '../ui/folded'
import { Input } from '../ui/input'
import { MomentInput } from '../ui/moment-input'
import { Select } from '../ui/select'
import { failureOptions, resultOptions, testOptions, typeOptions } from './call-filter-options'
import { WebhookPicker } from './webhook-picker'

type Props = { filter: CallFilter /** The webhook of the filter. */; webhook: WebhookChoice | undefined }

const addressOf = (filter: CallFilter) => {
  const query = callFilterQuery(filter)
  return `/settings/calls${query && `?${query}`}`
}

/** The filters of the call log. Each choice opens its own address, which starts at the newest call. */
export function CallFilters({ filter, webhook }: Props) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  // Optimistic, so that a second choice made before the page arrives includes the first.
  const [shown, setShown] = useOptimistic({ filter, webhook })
  const choose = (change: Partial<CallFilter>, { webhook }: Pick<Props, 'webhook'> = shown) =>
    startTransition(() => {
      const wanted = { filter: { ...shown.filter, ...change }, webhook }
      setShown(wanted)
      router.push(addressOf(wanted.filter))
    })
  const { result, status, failure, since, until, type, test, feedback, eventId, deliveryId } = shown.filter
  const without = (change: Partial<CallFilter>) => addressOf({ ...shown.filter, ...change })
  const named = [
    feedback && { what: 'the feedback', id: feedback, without: without({ feedback: undefined }) },
    eventId && { what: 'the event', id: showId('event', eventId), without: without({ eventId: undefined }) },
    deliveryId && {
      what: 'the webhook-id',
      id: showId('delivery', deliveryId),
      without: without({ deliveryId: undefined }),
    },
  ].flatMap((each) => each || [])
  const further = [status, failure, since, until, type, test].filter((value) => value !== undefined).length
  const first = (shown.webhook ? 1 : 0) + (result === 'all' ? 0 : 1)
  return (
    <search aria-busy={pending} className="flex flex-col gap-3">
      <FoldedFilters set={first + further}>
        <div className="grid gap-4 md:grid-cols-[minmax(0,20rem)_minmax(0,14rem)]">
          <WebhookPicker
            chosen={shown.webhook}
            onChoose={(webhook) => choose({ webhookId: webhook?.id }, { webhook })}
          />
          <Field label="Result">
            <Select
              options={resultOptions}
              value={result}
              onChange={({ target }) => choose({ result: target.value as ResultFilter })}
            />
          </Field>
        </div>
        <Folded summary="More filters" open={further > 0} className="grid gap-4 sm:grid-cols-2 md:grid-cols-3">
          <Field label="Event">
            <Select
              options={typeOptions}
              value={type ?? ''}
              onChange={({ target }) => choose({ type: (target.value || undefined) as EventType | undefined })}
            />
          </Field>
          <Field label="Failure">
            <Select
              options={failureOptions}
              value={failure ?? ''}
              onChange={({ target }) => choose({ failure: (target.value || undefined) as CallFailure | undefined })}
            />
          </Field>
          <Field label="Test fires">
            <Select
              options={testOptions}
              value={test === undefined ? '' : String(test)}
              onChange={({ target }) => choose({ test: target.value === '' ? undefined : target.value === 'true' })}
            />
          </Field>
          <Field label="From">
            <MomentInput at={since} onChange={(since) => choose({ since })} />
          </Field>
          <Field label="Until">
            <MomentInput at={until} onChange={(until) => choose({ until })} />
          </Field>
          <StatusField status={status} onChange={(status) => choose({ status })} />
        </Folded>
      </FoldedFilters>
      <NamedFilters named={named} />
    </search>
  )
}

type StatusProps = { status?: number; onChange: (status: number | undefined) => void }

function StatusField({ status, onChange }: StatusProps) {
  const [refused, setRefused] = useState(false)
  const commit = (text: string) => {
    const entered = /^[1-9]\d\d$/.test(text) ? Number(text) : undefined
    const valid = entered !== undefined || text === ''
    setRefused(!valid)
    if (valid && entered !== status) onChange(entered)
  }
  return (
    <Field label="Status code" error={refused ? 'A status code is a number such as 503.' : undefined}>
      <Input
        key={status}
        inputMode="numeric"
        maxLength={3}
        placeholder="Any, such as 503"
        defaultValue={status}
        onChange={() => setRefused(false)}
        onBlur={({ target }) => commit(target.value)}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && commit(currentTarget.value)}
      />
    </Field>
  )
}
