'use client'

import { Activity } from 'lucide-react'
import type { CallLine } from '@/lib/calls/call-queries'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Table } from '../ui/table'
import { recentColumns, viewCall } from './call-columns'
import { LiveSign } from './live-sign'
import { countNew, useHeldStill } from './use-held-still'
import { useLiveCalls } from './use-live-calls'

type Props = { first: CallLine[]; address: string }

/** The 20 latest calls, live. While somebody points at the list or stands in it, it holds still and counts what is new. */
export function RecentCalls({ first, address }: Props) {
  const { seen, state } = useLiveCalls(first, address)
  const { shown, catchUp, frame } = useHeldStill(seen)
  const waiting = shown === seen ? 0 : countNew(seen, shown)
  return (
    <Card
      title="Recent WebHook Calls"
      description="The 20 latest, test fires among them."
      flush
      action={
        <div className="flex items-center gap-3">
          {waiting > 0 && (
            <Button size="sm" onClick={catchUp}>
              Show {waiting} new
            </Button>
          )}
          <LiveSign state={state} />
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
