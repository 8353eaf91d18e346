'use client'

import { Activity, SearchX } from 'lucide-react'
import { type CallFilter, callFilterQuery, isFiltered } from '@/lib/calls/call-filter'
import type { CallPage } from '@/lib/calls/call-log'
import { showId } from '@/lib/type-id'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { EmptyState } from '../ui/empty-state'
import { LinkButton } from '../ui/link-button'
import { LocalTime } from '../ui/local-time'
import { Pagination } from '../ui/pagination'
import { Table } from '../ui/table'
import { logColumns } from './call-columns'
import { LiveIndicator } from './live-indicator'
import { OpenCall } from './open-call'
import { countNew, useFreeze } from './use-freeze'
import { useLiveCalls } from './use-live-calls'

type Props = { page: CallPage; filter: CallFilter }

/** One page of the call log. The first page is live, and does not change while the pointer or focus is in it. */
export function CallLog({ page, filter }: Props) {
  const query = callFilterQuery(filter)
  const first = page.previous === null
  const { seen, state } = useLiveCalls(page, first ? `/settings/calls/latest?${query}` : undefined)
  const { shown, catchUp, frame } = useFreeze(seen)
  const waiting = shown === seen ? 0 : countNew(seen.rows, shown.rows)
  const pageHref = (name: 'before' | 'after', id: string | null) =>
    id === null ? undefined : `/settings/calls?${query && `${query}&`}${name}=${showId('call', id)}`
  return (
    <Card
      title="Calls"
      description={isFiltered(filter) ? 'Newest first.' : 'Newest first, including test fires.'}
      flush
      action={
        first && (
          <div className="flex items-center gap-3">
            {waiting > 0 && (
              <Button size="sm" onClick={catchUp}>
                Show {waiting === shown.rows.length ? 'what is' : waiting} new
              </Button>
            )}
            <LiveIndicator state={state} />
          </div>
        )
      }
    >
      <div {...frame}>
        {shown.rows.length > 0 ? (
          <Table
            label="Calls"
            rows={shown.rows}
            rowKey={({ id }) => id}
            columns={logColumns}
            actions={(call) => <OpenCall call={call} query={query} />}
            actionsWidth="w-24"
          />
        ) : (
          <NoCalls filtered={isFiltered(filter) || !first} searching={shown.searchedTo !== null} />
        )}
        {(shown.previous !== null || shown.next !== null) && (
          <Pagination
            previous={pageHref('before', shown.previous)}
            next={pageHref('after', shown.next)}
            labels={{ previous: 'Newer', next: 'Older' }}
          >
            {shown.searchedTo !== null && (
              <>
                Searched back to <LocalTime at={shown.searchedTo} show="exact" />
              </>
            )}
          </Pagination>
        )}
      </div>
    </Card>
  )
}

function NoCalls({ filtered, searching }: { filtered: boolean; searching: boolean }) {
  if (!filtered)
    return (
      <EmptyState icon={<Activity />} title="No calls yet">
        Each call to a WebHook appears here within a second, with the answer of your endpoint.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<SearchX />}
      title={searching ? 'No call found so far' : 'No call matches'}
      action={<LinkButton href="/settings/calls">Show all calls</LinkButton>}
    >
      {searching
        ? 'No call searched so far matches. An older one may.'
        : 'No call that this hub still keeps matches these filters.'}
    </EmptyState>
  )
}
