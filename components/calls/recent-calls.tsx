'use client'

import { Activity } from 'lucide-react'
import { useRef, useState } from 'react'
import type { CallLine } from '@/lib/calls/call-queries'
import { showId } from '@/lib/type-id'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { LinkButton } from '../ui/link-button'
import { LocalTime } from '../ui/local-time'
import { MiddleCut } from '../ui/middle-cut'
import { type Column, Table } from '../ui/table'
import { LiveSign } from './live-sign'
import { ResultPill } from './result-pill'
import { useLiveCalls } from './use-live-calls'

type Props = { first: CallLine[]; address: string }

/** The 20 latest calls, live. While somebody points at the list or stands in it, it holds still and counts what is new. */
export function RecentCalls({ first, address }: Props) {
  const { calls, state } = useLiveCalls(first, address)
  const [busy, setBusy] = useState(false)
  const [shown, setShown] = useState(calls)
  const frame = useRef<HTMLDivElement>(null)
  if (!busy && shown !== calls) setShown(calls)
  const fresh = calls.findIndex(({ id }) => id === shown[0]?.id)
  const waiting = shown === calls ? 0 : fresh === -1 ? calls.length : fresh
  const settle = () =>
    setBusy(Boolean(frame.current?.matches(':hover') || frame.current?.contains(document.activeElement)))

  return (
    <Card
      title="Recent WebHook Calls"
      description="The 20 latest, test fires among them."
      flush
      action={
        <div className="flex items-center gap-3">
          {waiting > 0 && (
            <Button size="sm" onClick={() => setShown(calls)}>
              Show {waiting} new
            </Button>
          )}
          <LiveSign state={state} />
        </div>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only notices that somebody is about to use what is in it */}
      <div
        ref={frame}
        onPointerEnter={() => setBusy(true)}
        onPointerLeave={settle}
        onFocus={() => setBusy(true)}
        onBlur={() => requestAnimationFrame(settle)}
      >
        {shown.length > 0 ? (
          <Table
            label="Recent WebHook Calls"
            rows={shown}
            rowKey={({ id }) => id}
            columns={columns}
            actions={(call) => (
              <LinkButton size="sm" href={`/settings/calls/${showId('call', call.id)}`}>
                View
                <span className="sr-only"> the call of {call.ruleName}</span>
              </LinkButton>
            )}
            actionsWidth="w-24"
          />
        ) : (
          <p className="flex items-center gap-2.5 p-4 text-muted">
            <Activity aria-hidden className="size-4" />
            No calls yet. The first appears here a second after it was made.
          </p>
        )}
      </div>
    </Card>
  )
}

const columns: Column<CallLine>[] = [
  { header: 'Date and time', width: 'w-[30%]', cell: ({ at }) => <LocalTime at={at} show="both" /> },
  {
    header: 'Rule',
    primary: true,
    cell: ({ ruleName, test }) => (
      <span className="inline-flex max-w-full items-center gap-2">
        <span className="min-w-0 truncate" title={ruleName}>
          {ruleName}
        </span>
        {test && <Badge tone="accent">Test</Badge>}
      </span>
    ),
  },
  { header: 'WebHook URL', cell: ({ url }) => <MiddleCut text={url} /> },
  { header: 'Result', width: 'w-44', cell: (call) => <ResultPill answer={call} /> },
]
