import { drizzle } from 'drizzle-orm/node-postgres'
import type pg from 'pg'
import { beforeAll, describe, expect, test } from 'vitest'
import { filledWebhook, fillLog } from '@/e2e/fixtures/data/long-log'
import { makeAccount } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import type { PageCursor } from '../db/fetch-page'
import { scanLimit } from '../db/history-scan'
import * as schema from '../db/schema'
import { type CallFilter, callResults } from './call-filter'
import { type CallPage, readCallLog } from './call-log'

// The cost of a page of the call log in rows and blocks, not time, taken from the plans of the statements that read it.
// The full size, 1,000,000 calls, takes a minute or two:
//   HEARBACK_TEST_CALLS=1000000 npm run unit -- lib/calls/call-log-plans.test.ts

const calls = Number(process.env.HEARBACK_TEST_CALLS ?? 100_000)
const webhooks = 1000

const rowsAtMost = 200
/** For a statement that searches. In a log that is little longer, the planner prefers to read and sort all of it. */
const rowsOfSearch = 2 * scanLimit
/** Blocks of 8 KiB: three index levels in each of 32 days, and one look-up for each of 51 names. */
const blocksAtMost = 600
const blocksOfSearch = rowsOfSearch

let pool: pg.Pool
let db: Database
let accountId: string
const asked: { query: string; params: unknown[] }[] = []
beforeAll(async () => {
  const made = await createTestDatabase({ max: 4 })
  pool = made.pool
  const logger = { logQuery: (query: string, params: unknown[]) => void asked.push({ query, params }) }
  db = drizzle(pool, { schema, casing: 'snake_case', logger }) as Database
  accountId = (await makeAccount(made.db)).accountId
  const other = (await makeAccount(made.db)).accountId
  await fillLog(pool, other, { webhooks: 10, calls: calls / 10 })
  await fillLog(pool, accountId, { webhooks, calls })
}, 300_000)

type Plan = {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: Plan[]
}

/** `rows`: read from tables and indexes, including those that a filter or a sort then drops. */
type Cost = { rows: number; blocks: number; scanned: string[] }

/** The cost of each statement since the last call of this function. */
async function costs(): Promise<Cost[]> {
  const found: Cost[] = []
  for (const { query, params } of asked.splice(0)) {
    const cost: Cost = { rows: 0, blocks: 0, scanned: [] }
    const visit = (node: Plan) => {
      const read = Math.round((node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'])
      if (node['Relation Name']) cost.rows += read
      // A sequential scan of a day without calls reads nothing.
      if (node['Node Type'] === 'Seq Scan' && read > 0) cost.scanned.push(node['Relation Name'] ?? '')
      node.Plans?.forEach(visit)
    }
    const { rows } = await pool.query(`explain (analyze, buffers, format json) ${query}`, params)
    const { Plan: plan } = rows[0]['QUERY PLAN'][0] as { Plan: Plan }
    cost.blocks = plan['Shared Hit Blocks'] + plan['Shared Read Blocks']
    visit(plan)
    found.push(cost)
  }
  return found
}

const read = (filter: Parameters<typeof readCallLog>[2]['filter'], cursor?: PageCursor<string>) =>
  readCallLog(db, accountId, { filter, cursor, wholeUrls: true })

/** Visits the first page, the second, one far back in the log, and the one before that. */
async function eachPage(filter: Parameters<typeof readCallLog>[2]['filter'], look: (page: CallPage) => Promise<void>) {
  const { rows } = await pool.query('select id from calls where account_id = $1 order by id limit 1 offset $2', [
    accountId,
    Math.floor(calls / 3),
  ])
  const far = rows[0].id as string
  asked.length = 0
  const first = await read(filter)
  await look(first)
  if (first.next) await look(await read(filter, { from: first.next, backward: false }))
  await look(await read(filter, { from: far, backward: false }))
  await look(await read(filter, { from: far, backward: true }))
}

const ofWebhook = {
  'any webhook': undefined,
  'the webhook that has a third of all calls': 1,
  'a webhook that was called three times': 2,
  'a webhook that always fails': 3,
  'an ordinary webhook': 500,
}

const kinds: Pick<CallFilter, 'result' | 'test'>[] = [
  ...callResults.map((result) => ({ result })),
  { result: 'all', test: true },
]

for (const [of, n] of Object.entries(ofWebhook))
  describe(`the call log of ${of}`, () => {
    for (const { result, test: ofTests } of kinds)
      test(`a page of “${ofTests ? 'test fires' : result}” reads a bounded number of rows`, async () => {
        const filter = { result, test: ofTests, webhookId: n === undefined ? undefined : filledWebhook(accountId, n) }
        // Delivered calls have no index, nor have the test fires of one webhook: these are searched for.
        const search = result === 'delivered' || (ofTests && n !== undefined)
        await eachPage(filter, async (page) => {
          for (const { rows, blocks, scanned } of await costs()) {
            expect(scanned).toEqual([])
            expect(rows).toBeLessThanOrEqual(search ? rowsOfSearch : rowsAtMost)
            expect(blocks).toBeLessThanOrEqual(search ? blocksOfSearch : blocksAtMost)
          }
          expect(page.searchedUntil === null || search).toBe(true)
          for (const { failure, test: fired } of page.rows) {
            if (result === 'failed') expect(failure).not.toBeNull()
            if (result === 'delivered') expect(failure).toBeNull()
            if (ofTests) expect(fired).toBe(true)
          }
        })
      })
  })

test('a page of “delivered” is full after one short scan when most calls are delivered', async () => {
  for (const n of [undefined, 1, 500]) {
    asked.length = 0
    const page = await read({
      result: 'delivered',
      webhookId: n === undefined ? undefined : filledWebhook(accountId, n),
    })
    expect(page.rows).toHaveLength(50)
    for (const { rows } of await costs()) expect(rows).toBeLessThanOrEqual(rowsAtMost)
  }
})

/** Filters without an index, and those that have one in part. Times are in days before now. */
const further: Record<string, { filter: Partial<CallFilter>; days?: [since: number, until: number]; sql: string }> = {
  'a status code of failures': { filter: { status: 500 }, sql: 'status = 500' },
  'a status code of successes': { filter: { status: 200 }, sql: 'status = 200' },
  'a status code that no call has': { filter: { status: 503 }, sql: 'status = 503' },
  'a failure kind': { filter: { failure: 'status' }, sql: `failure = 'status'` },
  'a failure kind that no call has': { filter: { failure: 'tls' }, sql: `failure = 'tls'` },
  'all but test fires': { filter: { test: false }, sql: 'not test' },
  'failed test fires': { filter: { test: true, result: 'failed' }, sql: 'test and failure is not null' },
  'two days': { filter: {}, days: [12, 10], sql: 'true' },
  'the failures of two days': { filter: { result: 'failed' }, days: [12, 10], sql: 'failure is not null' },
  'an event type, where no call has an event': { filter: { type: 'feedback.created' }, sql: 'false' },
}
const daysAgo = (days: number) => Date.now() - days * 86_400_000

for (const [name, { filter: set, days, sql: where }] of Object.entries(further))
  test(`a page of ${name} reads a bounded number of rows, and all its pages have what a scan of the whole log has`, async () => {
    const filter = { result: 'all' as const, ...set, ...(days && { since: daysAgo(days[0]), until: daysAgo(days[1]) }) }
    await eachPage(filter, async () => {
      for (const { rows, blocks } of await costs()) {
        expect(rows).toBeLessThanOrEqual(rowsOfSearch)
        expect(blocks).toBeLessThanOrEqual(blocksOfSearch)
      }
    })
    const { rows } = await pool.query(
      `select id from calls where account_id = $1 and webhook_id = $2 and ${where}
        and ($3::float8 is null
          or id between uuid_floor(to_timestamp($3::float8 / 1000)) and uuid_floor(to_timestamp($4::float8 / 1000)))
      order by id desc`,
      [accountId, filledWebhook(accountId, 500), filter.since ?? null, filter.until ?? null],
    )
    expect(await allPages({ ...filter, webhookId: filledWebhook(accountId, 500) })).toEqual(rows.map(({ id }) => id))
  })

/** The ids of all pages, one after the other. */
async function allPages(filter: CallFilter): Promise<string[]> {
  const found: string[] = []
  for (let from: string | null | undefined; from !== null; ) {
    const page: CallPage = await read(filter, from === undefined ? undefined : { from, backward: false })
    found.push(...page.rows.map(({ id }) => id))
    from = page.next
  }
  return found
}

test('every filter finds the same calls as a scan of the whole log', async () => {
  const webhookId = filledWebhook(accountId, 2)
  const expected: [CallFilter, string][] = [
    [{ result: 'failed', webhookId }, 'failure is not null'],
    [{ result: 'all', test: true, webhookId }, 'test'],
    [{ result: 'delivered', webhookId }, 'failure is null'],
    [{ result: 'all', webhookId }, 'true'],
  ]
  for (const [filter, where] of expected) {
    const { rows } = await pool.query(
      `select id from calls where account_id = $1 and webhook_id = $2 and ${where} order by id desc`,
      [accountId, webhookId],
    )
    expect(await allPages(filter)).toEqual(rows.map(({ id }) => id))
  }
})
