import { setInterval } from 'node:timers'
import { parseArgs } from 'node:util'
import { makeAccount } from '@/e2e/fixtures/data/webhooks'
import { startTestPostgres } from '@/e2e/fixtures/postgres/postgres'
import { openDatabase, openPool } from '@/lib/db/client'
import { measureClock } from '@/lib/db/ids'
import { migrate } from '@/lib/db/migrate'
import { readErasure, startErasure } from '@/lib/erasure/erasures'
import { runErasures } from '@/lib/erasure/run-erasures'

// npm run erase-speed: erases a customer from a history of a million calls, and measures the time, and the memory of the process
// that does it. Each event has ten deliveries of one payload, with a call each, as the benchmark's history has.

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '1000000' },
    /** One event of so many is the customer's. */
    every: { type: 'string', default: '100' },
  },
})
const calls = Number(values.calls)
const events = Math.ceil(calls / 10)
const every = Number(values.every)
const email = 'priya@example.net'

/** The n-th id of the last 24 hours: its millisecond, then the number. */
const idOf = (n: string) => `(lpad(to_hex((extract(epoch from hub_now()) * 1000)::bigint - 86400000
  + (${n})::bigint * 86000000 / ${calls}), 12, '0') || '70008' || lpad(to_hex(${n}), 15, '0'))::uuid`
const eventOf = (n: string) => idOf(`(${n}) - (${n}) % 10`)
const customer = `json_build_object('email', case when n / 10 % ${every} = 0 then '${email}' else n || '@example.net' end)`
const text = `repeat('words of a customer ', 40)`

const seed = [
  `insert into events (account_id, id, type, source_id, subject_id, data, decisions)
   select $1, ${idOf('n')}, 'feedback.created', gen_random_uuid(), 'fb-' || n,
     json_build_object('feedback', json_build_object('id', 'fb-' || n, 'comment', ${text}, 'customer', ${customer}))::text,
     '{"notify":true,"webhooks":[]}' from generate_series(0, ${calls - 1}, 10) n`,
  `insert into payloads (account_id, id, format, body)
   select $1, ${idOf('n')}, 'standard', json_build_object('comment', ${text}, 'customer', ${customer})::text
   from generate_series(0, ${calls - 1}, 10) n`,
  `insert into deliveries (account_id, id, event_id, webhook_id, webhook_version, payload_id)
   select $1, ${idOf('n')}, ${eventOf('n')}, gen_random_uuid(), 1, ${eventOf('n')} from generate_series(0, ${calls - 1}) n`,
  `insert into calls (account_id, id, delivery_id, webhook_id, webhook_version, attempt, test, status, duration_ms,
     response_headers, response_body, response_bytes)
   select $1, ${idOf('n')}, ${idOf('n')}, gen_random_uuid(), 1, 1, false, 200, 20, '["date","now"]',
     json_build_object('received', ${customer})::text, 40 from generate_series(0, ${calls - 1}) n`,
  `insert into feedback (account_id, id, external_id, version, data, created_at, updated_at)
   select $1, gen_random_uuid(), 'fb-' || n, 1, json_build_object('comment', ${text}, 'customer', ${customer})::text, hub_now(), hub_now()
   from generate_series(0, ${calls - 1}, 10) n`,
]

const postgres = await startTestPostgres({ durable: true })
const admin = openPool(postgres.url)
await admin.query('create database speed')
await admin.end()
const pool = openPool(postgres.databaseUrl('speed'), { pipeline: true })
try {
  await migrate(pool)
  const db = openDatabase(pool)
  await measureClock(pool)
  const { accountId } = await makeAccount(db)
  const moment = new Date().toISOString()
  // One moment for all statements, so that their ids agree.
  const fixed = (statement: string) => statement.replaceAll('hub_now()', `timestamptz '${moment}'`)
  for (const statement of seed) await pool.query(fixed(statement), [accountId])
  await pool.query('analyze')
  const n = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 1 })
  console.log(`${n(calls)} calls of ${n(events)} events; the customer has one event of ${every}`)

  global.gc?.()
  const before = process.memoryUsage().rss
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss)
  }, 20)
  const began = performance.now()
  const id = await startErasure(db, accountId, null, { by: 'email', value: email }, { confirmed: true })
  let steps = 0
  let done = await readErasure(db, accountId, id)
  while (done?.state !== 'done') {
    steps += await runErasures(db)
    done = await readErasure(db, accountId, id)
  }
  const seconds = (performance.now() - began) / 1000
  clearInterval(watch)
  const { rows } = await pool.query(
    `select (select count(*) from events where data like $1) + (select count(*) from payloads where body like $1)
       + (select count(*) from calls where response_body like $1) + (select count(*) from feedback where data like $1) as left`,
    [`%${email}%`],
  )
  console.log(`erased ${JSON.stringify({ ...done.found, ...done.erased })} in ${n(seconds)} s and ${n(steps)} steps`)
  console.log(`${n(calls / seconds)} calls a second; rows that still name the customer: ${rows[0].left}`)
  console.log(`memory of this process: ${n(before / 2 ** 20)} MiB before, ${n(peak / 2 ** 20)} MiB at its peak`)
  if (Number(rows[0].left) > 0) process.exitCode = 1
} finally {
  await pool.end()
  await postgres.stop()
}
