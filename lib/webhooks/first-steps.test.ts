import { beforeAll, expect, test } from 'vitest'
import { makeCall, makeEvent } from '@/e2e/fixtures/data/calls'
import { makeAccount, makeWebhook } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import { createApiKey } from '../accounts/api-keys'
import type { Database } from '../db/client'
import { endFirstSteps, readFirstSteps } from './first-steps'

let db: Database
beforeAll(async () => {
  db = (await createTestDatabase()).db
})

test('the first steps begin with the first WebHook, follow what happens, and end for good', async () => {
  const { accountId, userId } = await makeAccount(db)
  expect(await readFirstSteps(db, accountId)).toBeUndefined()
  const webhookId = await makeWebhook(
    db,
    { accountId, userId },
    { name: 'Low', condition: { kind: 'service', ratings: [1] } },
  )
  const done = async () => (await readFirstSteps(db, accountId))?.done
  expect(await readFirstSteps(db, accountId)).toMatchObject({
    done: { key: false, event: false, arrived: false },
    webhook: { id: webhookId, name: 'Low' },
    event: expect.stringContaining('"rating": 1'),
  })
  await createApiKey(db, accountId, userId, { name: 'Reader', scopes: ['read'] })
  expect(await done()).toMatchObject({ key: false })
  await createApiKey(db, accountId, userId, { name: 'Platform', scopes: ['ingest'] })
  expect(await done()).toMatchObject({ key: true, event: false })
  await makeEvent(db, accountId, { service: { rating: 1 } })
  await makeCall(db, accountId, { webhookId, status: 500, failure: 'status' })
  expect(await done()).toEqual({ key: true, event: true, arrived: false })
  await makeCall(db, accountId, { webhookId })
  expect(await done()).toEqual({ key: true, event: true, arrived: true })
  await endFirstSteps(db, accountId, userId)
  await endFirstSteps(db, accountId, userId)
  expect(await readFirstSteps(db, accountId)).toBeUndefined()
})
