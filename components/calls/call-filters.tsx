'use client'

import { useRouter } from 'next/navigation'
import { useOptimistic, useTransition } from 'react'
import { type CallFilter, callFilterQuery, type ResultFilter } from '@/lib/calls/call-filter'
import type { WebhookChoice } from '@/lib/webhooks/find-webhooks'
import { Field } from '../ui/field'
import { Select } from '../ui/select'
import { WebhookPicker } from './webhook-picker'

const resultWords: { value: ResultFilter; label: string }[] = [
  { value: 'all', label: 'All results' },
  { value: 'delivered', label: 'Delivered (2xx)' },
  { value: 'failed', label: 'Failed' },
  { value: 'test', label: 'Test fires' },
]

type Props = { filter: CallFilter /** The webhook of the filter. */; webhook: WebhookChoice | undefined }

/** The filters of the call log. Each choice opens its own address, which starts at the newest call. */
export function CallFilters({ filter, webhook }: Props) {
  const router = useRouter()
  const [pending, startTransition] = useTransition()
  // Optimistic, so that a second choice made before the page arrives includes the first.
  const [shown, setShown] = useOptimistic({ result: filter.result, webhook })
  const choose = (change: Partial<typeof shown>) =>
    startTransition(() => {
      const wanted = { ...shown, ...change }
      setShown(wanted)
      const query = callFilterQuery({ result: wanted.result, webhookId: wanted.webhook?.id })
      router.push(`/settings/calls${query && `?${query}`}`)
    })
  return (
    <search aria-busy={pending} className="grid gap-4 md:grid-cols-[minmax(0,20rem)_minmax(0,14rem)]">
      <WebhookPicker chosen={shown.webhook} onChoose={(webhook) => choose({ webhook })} />
      <Field label="Result">
        <Select
          options={resultWords}
          value={shown.result}
          onChange={({ target }) => choose({ result: target.value as ResultFilter })}
        />
      </Field>
    </search>
  )
}
