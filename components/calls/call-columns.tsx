import type { CallLine } from '@/lib/calls/call-queries'
import { Badge } from '../ui/badge'
import { LocalTime } from '../ui/local-time'
import { MiddleCut } from '../ui/middle-cut'
import type { Column } from '../ui/table'
import { durationWords } from './call-words'
import { OpenCall } from './open-call'
import { ResultPill } from './result-pill'

// The table columns of every list of calls.

const rule: Column<CallLine> = {
  header: 'Rule',
  primary: true,
  narrow: 'title',
  cell: ({ ruleName, test }) => (
    <span className="inline-flex max-w-full items-center gap-2">
      <span className="min-w-0 truncate" title={ruleName}>
        {ruleName}
      </span>
      {test && <Badge tone="accent">Test</Badge>}
    </span>
  ),
}
const url: Column<CallLine> = { header: 'WebHook URL', cell: ({ url }) => <MiddleCut text={url} /> }
const result: Column<CallLine> = {
  header: 'Result',
  width: 'w-40',
  narrow: 'aside',
  cell: (call) => <ResultPill answer={call} />,
}
const dateAndTime: Column<CallLine> = {
  header: 'Date and time',
  width: 'w-50',
  narrow: 'line',
  cell: ({ at }) => <LocalTime at={at} show="exact" />,
}

/** Columns of the 20 latest calls. */
export const recentColumns: Column<CallLine>[] = [dateAndTime, rule, url, result]

/** Columns of the call log. */
export const logColumns: Column<CallLine>[] = [
  dateAndTime,
  { ...rule, width: 'w-40' },
  url,
  result,
  { header: 'Attempt', width: 'w-20', align: 'right', cell: ({ attempt }) => attempt },
  {
    header: 'Duration',
    width: 'w-22',
    align: 'right',
    narrow: 'end',
    cell: ({ durationMs }) => durationWords(durationMs),
  },
]

/** The button that opens a call. */
export const viewCall = (call: CallLine) => <OpenCall call={call} />
