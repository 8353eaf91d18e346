import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeAccount } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { createApiKey } from '@/lib/accounts/api-keys'
import { pipelinePool } from '@/lib/db/pipeline-pool'
import { reviewsRate } from '@/lib/feedback/reviews-api'
import { CLIENT_ADDRESS_HEADER } from '@/lib/http/client-address'
import * as events from './events/route'
import * as reviews from './reviews/[kind]/route'

// On a serverless host, Next calls these route files. They use the same handlers as server.ts.

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
  process.env.DATABASE_URL = database.url
  process.env.LOG_LEVEL = 'silent'
})
afterAll(() => pipelinePool().end())

const look = (query: string, headers: Record<string, string> = {}) =>
  reviews.GET(new Request(`https://hub.test/api/v1/reviews/all?${query}`, { headers }))

test('an event that is posted through the events route can be read through the reviews route', async () => {
  const { accountId } = await makeAccount(database.db)
  const { key } = await createApiKey(database.db, accountId, null, { name: 'Both', scopes: ['ingest', 'read'] })
  const authorization = `Bearer ${key}`
  const posted = await events.POST(
    new Request('https://hub.test/api/v1/events', {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'feedback.created', feedback: { id: 'fb-1', service: { rating: 4 } } }),
    }),
  )
  expect(posted.status).toBe(202)
  const read = await look(`merchant_identifier=shop-${accountId}`, { authorization })
  expect(await read.json()).toMatchObject({ reviews: [{ feedback_id: 'fb-1', service: { rating: { rating: 4 } } }] })
})

test('other methods are answered 405', async () => {
  const url = 'https://hub.test/api/v1/'
  for (const [handler, method] of [
    [events.PUT, 'PUT'],
    [events.DELETE, 'DELETE'],
  ] as const)
    expect((await handler(new Request(`${url}events`, { method }))).status).toBe(405)
  for (const [handler, method] of [
    [reviews.HEAD, 'HEAD'],
    [reviews.POST, 'POST'],
  ] as const)
    expect((await handler(new Request(`${url}reviews/all`, { method }))).status).toBe(405)
})

test('the rate limit counts the address that the host’s proxy appended, whatever the client sends', async () => {
  const from = (n: number) =>
    look('merchant_identifier=none&id=x', {
      'x-forwarded-for': `10.0.0.${n % 250}, 198.51.100.9`,
      [CLIENT_ADDRESS_HEADER]: `10.1.0.${n % 250}`,
    })
  const answers = await Promise.all(Array.from({ length: reviewsRate.burst + 100 }, (_, n) => from(n)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]))
})
