import type pg from 'pg'
import { upkeepCharts } from '@/lib/charts/roll-up'
import { env } from '@/lib/env'

// Fills the history of a hub with calls of past days, by one INSERT … SELECT generate_series for each day and table. Rows are
// copies of delivered calls that the hub has made, with new ids: each of ten webhooks of an account got one event, so there
// is one event, payload and feedback for ten deliveries and calls. Every fiftieth call failed.
//
// A day's rows go into a table of its own, which is then attached as a partition: its indexes are built at once.

export const callsPerEvent = 10
const historyDays = 28
const atOnce = 2

/** `firstDay`: how many days before today the youngest day is. Days that have a partition already are not possible. */
export type SeedOptions = { calls: number; days?: number; firstDay?: number; report?: (line: string) => void }

/** The hub must have a delivered call of each webhook. Returns how many rows were written, and the seconds they took. */
export async function seedHistory(pool: pg.Pool, options: SeedOptions): Promise<{ rows: number; seconds: number }> {
  const { calls, days = historyDays, firstDay = 2, report = () => {} } = options
  const began = performance.now()
  await takeSamples(pool)
  const { rows: today } = await pool.query<{ day: string }>(`select (hub_now() at time zone 'UTC')::date::text as day`)
  const each = Math.ceil(calls / days / callsPerEvent) * callsPerEvent
  let rows = 0
  let next = 0
  const work = async () => {
    const client = await pool.connect()
    try {
      await client.query(`set maintenance_work_mem = '512MB'; set synchronous_commit = off`)
      while (next < days) {
        const n = next++
        const day = new Date(Date.parse(`${today[0]?.day}T00:00:00Z`) - (firstDay + n) * 86_400_000)
        const from = n * each + callsPerEvent
        rows += await seedDay(client, day, from, Math.min(from + each, calls + callsPerEvent))
        const seconds = (performance.now() - began) / 1000
        report(`${day.toISOString().slice(0, 10)}: ${rows} rows, ${Math.round(rows / seconds)} rows/s`)
      }
    } finally {
      client.release()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  rows += await seedFeedback(pool, calls)
  await pool.query(`drop table seed_samples; delete from upkeep_progress where task = 'calls'`)
  await upkeepCharts(pool, env().HEARBACK_RETENTION_DAYS)
  await pool.query('vacuum (freeze, analyze) feedback, ingest_keys')
  await pool.query('analyze events, payloads, deliveries, calls')
  await pool.query('checkpoint')
  return { rows, seconds: (performance.now() - began) / 1000 }
}

/** One delivered call of each webhook, numbered so that the ten webhooks of an account follow one another. */
async function takeSamples(pool: pg.Pool) {
  const { rowCount } = await pool.query(`
    create table seed_samples as
    select row_number() over (order by account_id, webhook_id) - 1 as k, * from (
      select distinct on (d.webhook_id) e.account_id, e.type, e.source_id, e.data, e.parts, e.decisions,
        right(e.external_id, 10) as number, k.hash, p.format, p.body, d.webhook_id, d.webhook_version, c.status,
        c.duration_ms, c.connect_ms, c.first_byte_ms, c.signature, c.key_version, c.secret_version, c.response_headers,
        c.response_body, c.response_bytes
      from calls c
      join deliveries d on d.account_id = c.account_id and d.id = c.delivery_id
      join payloads p on p.account_id = d.account_id and p.id = d.payload_id
      join events e on e.account_id = d.account_id and e.id = d.event_id
      join ingest_keys k on k.account_id = e.account_id and k.event_id = e.id
      where c.failure is null) samples`)
  if (!rowCount || rowCount % callsPerEvent !== 0)
    throw new Error(`${rowCount} webhooks have a delivered call: each account needs ${callsPerEvent}`)
}

/** The number of a row in ten digits, as the events of the load generator have it. */
const digits = (n: string) => `lpad((${n})::text, 10, '0')`
/** The n-th id of a day's rows: its millisecond, then the number. */
const idOf = (n: string) =>
  `(lpad(to_hex($1::bigint + ((${n}) - $2::bigint) * 86400000 / ($3::bigint - $2::bigint)), 12, '0')
    || '70008' || lpad(to_hex(${n}), 15, '0'))::uuid`
const eventOf = (n: string) => `${n} - ${n} % ${callsPerEvent}`
const sampleOf = (n: string) => `${n} % (select count(*) from seed_samples)`
const feedbackIdOf = (n: string) => `md5('feedback ' || (${n}))::uuid`

/** What is selected for each table, from row numbers `n` and samples `s`. `every`: only for each so many rows. */
const history: { table: string; every: number; columns: string; values: string }[] = [
  {
    table: 'events',
    every: callsPerEvent,
    columns:
      'account_id, id, type, external_id, source_id, feedback_id, subject_id, feedback_version, data, parts, decisions',
    values: `s.account_id, ${idOf('n')}, s.type, 'seed-event-' || ${digits('n')}, s.source_id, ${feedbackIdOf('n')},
      'seed-feedback-' || ${digits('n')}, 1, replace(s.data, s.number, ${digits('n')}), s.parts, s.decisions`,
  },
  {
    table: 'payloads',
    every: callsPerEvent,
    columns: 'account_id, id, format, body',
    values: `s.account_id, ${idOf('n')}, s.format, replace(s.body, s.number, ${digits('n')})`,
  },
  {
    table: 'deliveries',
    every: 1,
    columns: 'account_id, id, event_id, webhook_id, webhook_version, payload_id, feedback_version',
    values: `s.account_id, ${idOf('n')}, ${idOf(eventOf('n'))}, s.webhook_id, s.webhook_version, ${idOf(eventOf('n'))}, 1`,
  },
  {
    table: 'calls',
    every: 1,
    columns: `account_id, id, delivery_id, webhook_id, webhook_version, attempt, test, status, failure, duration_ms,
      connect_ms, first_byte_ms, signed_at, signature, key_version, secret_version, response_headers, response_body,
      response_bytes`,
    values: `s.account_id, ${idOf('n')}, ${idOf('n')}, s.webhook_id, s.webhook_version, 1, false,
      case when n % 50 = 7 then 500 else s.status end, case when n % 50 = 7 then 'status' end, s.duration_ms + n % 80,
      s.connect_ms, s.first_byte_ms, ($1::bigint / 1000)::int, s.signature, s.key_version, s.secret_version,
      s.response_headers, s.response_body, s.response_bytes`,
  },
]

/** Writes the rows numbered `from` to `to` (exclusive) as the history of a day, and attaches them. */
async function seedDay(client: pg.PoolClient, day: Date, from: number, to: number): Promise<number> {
  const name = day.toISOString().slice(0, 10)
  let rows = 0
  for (const { table, every, columns, values } of history) {
    const partition = `${table}_${name.replaceAll('-', '')}`
    await client.query(`create table ${partition} (like ${table} including defaults including constraints)`)
    const inserted = await client.query(
      `insert into ${partition} (${columns}) select ${values}
       from generate_series($2::bigint, $3::bigint - 1, ${every}) n
       join seed_samples s on s.k = ${sampleOf('n')}`,
      [day.getTime(), from, to],
    )
    rows += inserted.rowCount ?? 0
    await client.query(
      `do $$ begin execute format('alter table ${table} attach partition ${partition} for values from (%L) to (%L)',
        uuid_floor('${name}T00:00:00Z'), uuid_floor(timestamptz '${name}T00:00:00Z' + interval '24 hours')); end $$`,
    )
    await client.query(`vacuum (freeze, analyze) ${partition}`)
  }
  return rows
}

/** What is stored for each event beside its history: its feedback and its idempotency key. */
async function seedFeedback(pool: pg.Pool, calls: number): Promise<number> {
  const events = `generate_series(${callsPerEvent}::bigint, ${calls}::bigint, ${callsPerEvent}) n
    join seed_samples s on s.k = ${sampleOf('n')}`
  const feedback = await pool.query(`
    insert into feedback (account_id, id, external_id, source_id, version, data, service_rating, product_ratings, nps_score,
      created_at, updated_at)
    select s.account_id, ${feedbackIdOf('n')}, 'seed-feedback-' || ${digits('n')}, s.source_id, 1,
      replace(s.data, s.number, ${digits('n')}), 4, array[3], (n / 10 % 10)::smallint, hub_now(), hub_now()
    from ${events}`)
  const keys = await pool.query(`
    insert into ingest_keys (account_id, key, event_id, hash)
    select e.account_id, e.external_id, e.id, decode(md5(e.external_id) || md5(e.external_id), 'hex')
    from events e where e.external_id like 'seed-event-%'`)
  return (feedback.rowCount ?? 0) + (keys.rowCount ?? 0)
}
