'use client'

import type { CallState } from '@/lib/calls/call-state'
import type { CallAttempt } from '@/lib/calls/read-call'
import { showId } from '@/lib/type-id'
import { Card } from '../ui/card'
import { LocalTime } from '../ui/local-time'
import { Table } from '../ui/table'
import { durationWords } from './call-words'
import { ResultPill } from './result-pill'
import { StateWords } from './state-words'

type Props = { attempts: CallAttempt[]; state: CallState; current: string }

/** All attempts of a delivery, and its state: when the next attempt is due, or how it ended. */
export const AttemptsPanel = ({ attempts, state, current }: Props) => (
  <Card flush>
    <Table
      label="Attempts"
      rows={attempts}
      rowKey={({ id }) => id}
      rowHref={({ id }) => (id === current ? undefined : `/settings/calls/${showId('call', id)}`)}
      columns={[
        {
          header: 'Attempt',
          primary: true,
          width: 'w-40',
          cell: ({ attempt, id }) => (
            <>
              {attempt}
              {id === current && <span className="font-normal text-muted"> · this call</span>}
            </>
          ),
        },
        { header: 'Date and time', cell: ({ at }) => <LocalTime at={at} show="both" /> },
        { header: 'Result', cell: (call) => <ResultPill answer={call} /> },
        { header: 'Duration', align: 'right', width: 'w-28', cell: ({ durationMs }) => durationWords(durationMs) },
      ]}
    />
    <div className="border-border border-t p-4">
      <StateWords state={state} />
    </div>
  </Card>
)
