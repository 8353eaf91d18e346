'use client'

import { Activity } from 'lucide-react'
import type { CallLine } from '@/lib/calls/call-queries'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Table } from '../ui/table'
import { recentColumns, viewCall } from './call-columns'
import { LiveIndicator } from './live-indicator'
import { countNew, useFreeze } from './use-freeze'
import { useLiveCalls } from './use-live-calls'

type Props = { first: CallLine[]; address: string }

/** The 20 latest calls, live. While the pointer or focus is in the list, it does not change and counts new calls. */
export function RecentCalls({ first, address }: Props) {
  const { seen, state } = useLiveCalls(first, address)
  const { shown, catchUp, frame } = useFreeze(seen)
  const waiting = shown === seen ? 0 : countNew(seen, shown)
  return (
    <Card
      title="Recent WebHook Calls"
      description="The 20 latest calls, including test fires."
      flush
      action={
        <div className="flex items-center gap-3">
          {waiting > 0 && (
            <Button size="sm" onClick={catchUp}>
              Show {waiting} new
            </Button>
          )}
          <LiveIndicator state={state} />
        </div>
      }
    >
      <div {...frame}>
        {shown.length > 0 ? (
          <Table
            label="Recent WebHook Calls"
            rows={shown}
            rowKey={({ id }) => id}
            columns={recentColumns}
            actions={viewCall}
            actionsHeader="Payload"
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
