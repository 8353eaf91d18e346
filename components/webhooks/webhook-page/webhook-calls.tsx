'use client'

import { Activity } from 'lucide-react'
import type { CallPage } from '@/lib/calls/call-log'
import type { CallLine } from '@/lib/calls/call-queries'
import { viewCall } from '../../calls/call-columns'
import { durationWords } from '../../calls/call-words'
import { ResultPill } from '../../calls/result-pill'
import { useFreeze } from '../../calls/use-freeze'
import { useLiveCalls } from '../../calls/use-live-calls'
import { Badge } from '../../ui/badge'
import { Card } from '../../ui/card'
import { LinkButton } from '../../ui/link-button'
import { LocalTime } from '../../ui/local-time'
import { type Column, Table } from '../../ui/table'

const atMost = 10

type Props = {
  page: CallPage
  /** The WebHook's TypeID. */
  shownId: string
}

/** A WebHook's latest calls, live. The list does not move while somebody uses it. */
export function WebhookCalls({ page, shownId }: Props) {
  const { seen } = useLiveCalls(page, `/settings/calls/latest?webhook=${shownId}`)
  const { shown, frame } = useFreeze(seen)
  return (
    <Card
      title="Latest calls"
      description={`The ${atMost} latest calls, including test fires.`}
      flush
      action={
        <LinkButton size="sm" href={`/settings/calls?webhook=${shownId}`}>
          All its calls
        </LinkButton>
      }
    >
      <div {...frame}>
        {shown.rows.length > 0 ? (
          <Table
            label="Latest calls"
            rows={shown.rows.slice(0, atMost)}
            rowKey={({ id }) => id}
            columns={columns}
            actions={viewCall}
            actionsWidth="w-24"
          />
        ) : (
          <p className="flex items-center gap-2.5 p-4 text-muted">
            <Activity aria-hidden className="size-4" />
            No calls yet. Each call appears here within a second.
          </p>
        )}
      </div>
    </Card>
  )
}

const columns: Column<CallLine>[] = [
  {
    header: 'Date and time',
    primary: true,
    narrow: 'title',
    cell: ({ at, test }) => (
      <span className="inline-flex flex-wrap items-center gap-x-2 font-normal">
        <LocalTime at={at} show="both" />
        {test && <Badge tone="accent">Test</Badge>}
      </span>
    ),
  },
  { header: 'Result', width: 'w-1/3', narrow: 'aside', cell: (call) => <ResultPill answer={call} /> },
  { header: 'Attempt', width: 'w-20', align: 'right', cell: ({ attempt }) => attempt },
  {
    header: 'Duration',
    width: 'w-24',
    align: 'right',
    narrow: 'line',
    cell: ({ durationMs }) => durationWords(durationMs),
  },
]
