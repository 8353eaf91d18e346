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
import { callResults } from './call-filter'
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

for (const [of, n] of Object.entries(ofWebhook))
  describe(`the call log of ${of}`, () => {
    for (const result of callResults)
      test(`a page of “${result}” reads a bounded number of rows`, async () => {
        const filter = { result, webhookId: n === undefined ? undefined : filledWebhook(accountId, n) }
        // Delivered calls have no index, nor have the test fires of one webhook: these are searched for.
        const search = result === 'delivered' || (result === 'test' && n !== undefined)
        await eachPage(filter, async (page) => {
          for (const { rows, blocks, scanned } of await costs()) {
            expect(scanned).toEqual([])
            expect(rows).toBeLessThanOrEqual(search ? rowsOfSearch : rowsAtMost)
            expect(blocks).toBeLessThanOrEqual(search ? blocksOfSearch : blocksAtMost)
          }
          expect(page.searchedUntil === null || search).toBe(true)
          for (const { failure, test } of page.rows) {
            if (result === 'failed') expect(failure).not.toBeNull()
            if (result === 'delivered') expect(failure).toBeNull()
            if (result === 'test') expect(test).toBe(true)
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

test('every filter finds the same calls as a scan of the whole log', async () => {
  const expected = {
    failed: 'failure is not null and webhook_id = $2',
    test: 'test and webhook_id = $2',
    delivered: 'failure is null and webhook_id = $2',
    all: 'webhook_id = $2',
  }
  const webhookId = filledWebhook(accountId, 2)
  for (const result of callResults) {
    const { rows } = await pool.query(
      `select id from calls where account_id = $1 and ${expected[result]} order by id desc`,
      [accountId, webhookId],
    )
    const found: string[] = []
    let page = await read({ result, webhookId })
    found.push(...page.rows.map(({ id }) => id))
    while (page.next) {
      page = await read({ result, webhookId }, { from: page.next, backward: false })
      found.push(...page.rows.map(({ id }) => id))
    }
    expect(found).toEqual(rows.map(({ id }) => id))
  }
})
