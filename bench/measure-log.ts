import { callResults } from '@/lib/calls/call-filter'
import { readCallLog } from '@/lib/calls/call-log'
import { readCall } from '@/lib/calls/read-call'
import { openDatabase } from '@/lib/db/client'
import { floorId, freshClock, hubTime } from '@/lib/db/ids'
import { readEventLog } from '@/lib/events/event-queries'
import type { Bench } from './bench'
import { hubWithHistory } from './histories'
import { quantile, round } from './statistics'
import { printTable, show } from './table'

// How long the queries of the log's pages take on the longest history of the plan. Each query is made for another account,
// webhook and place in the log each time. The limit is the simplest statement on the same connection.

const dayMs = 86_400_000

export type LogFigures = {
  calls: number
  queries: { name: string; p50: number; p95: number; max: number }[]
}

type Look = { accountId: string; webhookId: string; callId: string; far: string }

export async function measureLog(bench: Bench): Promise<LogFigures> {
  const calls = Math.max(...bench.plan.history.sizes)
  const { pool } = await hubWithHistory(bench, calls)
  const db = openDatabase(pool)
  await freshClock(pool)
  const looks = await chooseLooks(bench, calls)
  const queries: Record<string, (look: Look) => Promise<unknown>> = { 'select 1': () => pool.query('select 1') }
  for (const result of callResults)
    for (const [of, one] of [
      ['', false],
      [' of a webhook', true],
    ] as const) {
      const filterOf = ({ webhookId }: Look) => ({ result, webhookId: one ? webhookId : undefined })
      queries[`calls: ${result}${of}`] = (look) =>
        readCallLog(db, look.accountId, { filter: filterOf(look), wholeUrls: true })
      queries[`calls: ${result}${of}, far back`] = (look) =>
        readCallLog(db, look.accountId, {
          filter: filterOf(look),
          cursor: { from: look.far, backward: false },
          wholeUrls: true,
        })
    }
  queries['one call'] = ({ accountId, callId }) => readCall(db, accountId, callId)
  queries.events = ({ accountId }) => readEventLog(db, accountId, { filter: {} })
  queries['events, far back'] = ({ accountId, far }) =>
    readEventLog(db, accountId, { filter: {}, cursor: { from: far, backward: false } })
  queries['events: a subject that is not there'] = ({ accountId }) =>
    readEventLog(db, accountId, { filter: { subject: 'no-such-feedback' } })
  const found: LogFigures['queries'] = []
  for (const [name, query] of Object.entries(queries)) {
    const times: number[] = []
    for (const look of looks) {
      const began = performance.now()
      await query(look)
      times.push(performance.now() - began)
    }
    found.push({
      name,
      p50: round(quantile(times, 0.5), 2),
      p95: round(quantile(times, 0.95), 2),
      max: round(quantile(times, 1), 2),
    })
  }
  return { calls, queries: found }
}

/** Accounts, webhooks and calls in turn, and places from the youngest to the oldest day. */
async function chooseLooks(bench: Bench, calls: number): Promise<Look[]> {
  const { pool, senders } = await hubWithHistory(bench, calls)
  const { rows } = await pool.query<{ account_id: string; id: string }>(
    'select account_id, id from webhooks order by id',
  )
  const looks: Look[] = []
  for (let i = 0; i < bench.plan.log.rounds; i++) {
    const { accountId } = senders[i % senders.length] as (typeof senders)[number]
    const webhooks = rows.filter((row) => row.account_id === accountId)
    const far = floorId(hubTime() - (2 + ((i * 7) % 27)) * dayMs)
    const { rows: near } = await pool.query<{ id: string }>(
      'select id from calls where account_id = $1 and id < $2 and id >= $3 order by id desc limit 1',
      [accountId, far, floorId(hubTime() - 40 * dayMs)],
    )
    const webhookId = webhooks[i % webhooks.length]?.id
    const callId = near[0]?.id
    if (webhookId && callId) looks.push({ accountId, webhookId, callId, far })
  }
  return looks
}

export function printLog({ calls, queries }: LogFigures) {
  printTable(
    `Queries of the log at ${show(calls)} calls, ms`,
    ['', 'p50', 'p95', 'max'],
    queries.map(({ name, p50, p95, max }) => [name, show(p50), show(p95), show(max)]),
  )
}
