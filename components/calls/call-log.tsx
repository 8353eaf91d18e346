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
import { PageTurner } from '../ui/page-turner'
import { Table } from '../ui/table'
import { logColumns, viewCall } from './call-columns'
import { LiveSign } from './live-sign'
import { countNew, useHeldStill } from './use-held-still'
import { useLiveCalls } from './use-live-calls'

type Props = { page: CallPage; filter: CallFilter }

/** One page of the log of calls. The first is live; it holds still while somebody uses it. */
export function CallLog({ page, filter }: Props) {
  const query = callFilterQuery(filter)
  const first = page.previous === null
  const { seen, state } = useLiveCalls(page, first ? `/settings/calls/latest?${query}` : undefined)
  const { shown, catchUp, frame } = useHeldStill(seen)
  const waiting = shown === seen ? 0 : countNew(seen.rows, shown.rows)
  const pageHref = (name: 'before' | 'after', id: string | null) =>
    id === null ? undefined : `/settings/calls?${query && `${query}&`}${name}=${showId('call', id)}`
  return (
    <Card
      title="Calls"
      description={isFiltered(filter) ? 'Newest first.' : 'Newest first, test fires among them.'}
      flush
      action={
        first && (
          <div className="flex items-center gap-3">
            {waiting > 0 && (
              <Button size="sm" onClick={catchUp}>
                Show {waiting === shown.rows.length ? 'what is' : waiting} new
              </Button>
            )}
            <LiveSign state={state} />
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
            actions={viewCall}
            actionsWidth="w-24"
          />
        ) : (
          <NoCalls filtered={isFiltered(filter) || !first} searching={shown.searchedTo !== null} />
        )}
        {(shown.previous !== null || shown.next !== null) && (
          <PageTurner
            previous={pageHref('before', shown.previous)}
            next={pageHref('after', shown.next)}
            labels={{ previous: 'Newer', next: 'Older' }}
          >
            {shown.searchedTo !== null && (
              <>
                Looked as far as <LocalTime at={shown.searchedTo} show="exact" />
              </>
            )}
          </PageTurner>
        )}
      </div>
    </Card>
  )
}

function NoCalls({ filtered, searching }: { filtered: boolean; searching: boolean }) {
  if (!filtered)
    return (
      <EmptyState icon={<Activity />} title="No calls yet">
        Every call we make to a WebHook is listed here a second after it was made, with what your endpoint answered.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<SearchX />}
      title={searching ? 'No call found so far' : 'No call matches'}
      action={<LinkButton href="/settings/calls">Show all calls</LinkButton>}
    >
      {searching
        ? 'None of the calls looked at matches. Older ones may.'
        : 'None of the calls that this hub still keeps matches what you chose.'}
    </EmptyState>
  )
}
