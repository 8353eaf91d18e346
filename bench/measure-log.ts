import { type CallFilter, callResults } from '@/lib/calls/call-filter'
import { readCallLog } from '@/lib/calls/call-log'
import { readCall } from '@/lib/calls/read-call'
import { chartSpans } from '@/lib/charts/chart-spans'
import { readChart } from '@/lib/charts/read-chart'
import { type Database, openDatabase } from '@/lib/db/client'
import { floorId, freshClock, hubTime, timeOfId } from '@/lib/db/ids'
import type { EventFilter } from '@/lib/events/event-filter'
import { readEventLog } from '@/lib/events/event-queries'
import { readFeedbackEvents } from '@/lib/feedback/feedback-events'
import { readFeedback, type StoredFeedback } from '@/lib/feedback/read-feedback'
import { findId } from '@/lib/find/find-id'
import { showId } from '@/lib/type-id'
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

type Look = {
  accountId: string
  webhookId: string
  /** A call, its delivery and its event, by their ids and by those of the platform. */
  callId: string
  deliveryId: string
  eventId: string
  subject: string
  externalId: string
  far: string
}

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
  const farAt = ({ far }: Look) => timeOfId(far)
  const filters: Record<string, (look: Look) => Partial<CallFilter>> = {
    'test fires': () => ({ test: true }),
    'no test fires': () => ({ test: false }),
    'a status of failures': () => ({ status: 500 }),
    'a status that no call has': () => ({ status: 503 }),
    'a failure that no call has': () => ({ failure: 'tls' }),
    'two days': (look) => ({ since: farAt(look) - 2 * dayMs, until: farAt(look) }),
    'the failures of two days': (look) => ({ result: 'failed', since: farAt(look) - 2 * dayMs, until: farAt(look) }),
    'an event type': () => ({ type: 'feedback.created' }),
    'an event type that no call has': () => ({ type: 'survey.declined' }),
    'one feedback': ({ subject }) => ({ feedback: subject }),
    'one event': ({ eventId }) => ({ eventId }),
    'one webhook-id': ({ deliveryId }) => ({ deliveryId }),
  }
  for (const [name, filterOf] of Object.entries(filters))
    queries[`calls: ${name}`] = (look) =>
      readCallLog(db, look.accountId, { filter: { result: 'all', ...filterOf(look) }, wholeUrls: true })
  const pasted: Record<string, (look: Look) => string> = {
    'a feedback': ({ subject }) => subject,
    'an event of the platform': ({ externalId }) => externalId,
    'a webhook-id': ({ deliveryId }) => showId('delivery', deliveryId),
    'a UUID': ({ callId }) => callId,
    nothing: () => 'no-such-id',
  }
  for (const [name, textOf] of Object.entries(pasted))
    queries[`find: ${name}`] = (look) => findId(db, look.accountId, textOf(look))
  queries['the page of a feedback'] = (look) => readWholeFeedback(db, look)
  queries['one call'] = ({ accountId, callId }) => readCall(db, accountId, callId)
  queries.events = ({ accountId }) => readEventLog(db, accountId, { filter: {} })
  queries['events, far back'] = ({ accountId, far }) =>
    readEventLog(db, accountId, { filter: {}, cursor: { from: far, backward: false } })
  const ofEvents: Record<string, (look: Look) => EventFilter> = {
    'one feedback': ({ subject }) => ({ subject }),
    'a subject that is not there': () => ({ subject: 'no-such-feedback' }),
    'a type that is not there': () => ({ type: 'survey.declined' }),
    'two days': (look) => ({ since: farAt(look) - 2 * dayMs, until: farAt(look) }),
  }
  for (const [name, filterOf] of Object.entries(ofEvents))
    queries[`events: ${name}`] = (look) => readEventLog(db, look.accountId, { filter: filterOf(look) })
  for (const span of chartSpans)
    queries[`the charts of a webhook, ${span}`] = ({ accountId, webhookId }) =>
      readChart(db, accountId, webhookId, { span, offsetMinutes: 60 })
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

/** What the page of a feedback reads. */
async function readWholeFeedback(db: Database, { accountId, subject }: Look) {
  const [found] = await findId(db, accountId, subject)
  if (found?.kind !== 'feedback') throw new Error(`${subject} is no feedback`)
  const feedback = (await readFeedback(db, accountId, found.id)) as StoredFeedback
  await Promise.all([
    readFeedbackEvents(db, accountId, feedback),
    readCallLog(db, accountId, { filter: { result: 'all', feedback: subject }, wholeUrls: true }),
  ])
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
    const { rows: near } = await pool.query<Omit<Look, 'accountId' | 'webhookId' | 'far'>>(
      `select c.id as "callId", d.id as "deliveryId", e.id as "eventId", e.subject_id as subject, e.external_id as "externalId"
       from (select id, delivery_id from calls where account_id = $1 and id < $2 and id >= $3 order by id desc limit 1) c
       join deliveries d on d.account_id = $1 and d.id = c.delivery_id
       join events e on e.account_id = $1 and e.id = d.event_id`,
      [accountId, far, floorId(hubTime() - 40 * dayMs)],
    )
    const webhookId = webhooks[i % webhooks.length]?.id
    if (webhookId && near[0]) looks.push({ accountId, webhookId, ...near[0], far })
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
