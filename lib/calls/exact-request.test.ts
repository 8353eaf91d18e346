import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeAccount, webhookForm } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import { type Receiver, startReceiver } from '@/e2e/fixtures/receivers/receiver'
import type { Database } from '../db/client'
import { sampleEvent } from '../events/sample-events'
import { testFire } from '../test-fires/test-fire'
import { setPreSharedKey } from '../webhooks/pre-shared-key'
import { contentOfForm } from '../webhooks/webhook-content'
import { revealCallHeaders } from './call-secrets'
import { readCall } from './read-call'
import { shownRequest } from './shown-request'

process.env.HEARBACK_ALLOW_PRIVATE_TARGETS = '127.0.0.0/8'

// The request that a call's page shows is compared with the one that a real receiver got.

let db: Database
let receiver: Receiver
beforeAll(async () => {
  db = (await createTestDatabase()).db
  receiver = await startReceiver()
})
afterAll(() => receiver.close())

test('the request that a call’s page shows equals, line by line, the request that the receiver got', async () => {
  const { accountId, userId } = await makeAccount(db)
  await setPreSharedKey(db, accountId, userId, 'the-account-key')
  const url = `${receiver.url}/hooks/a%20b?x=1&y=é`
  const form = webhookForm({}, undefined)
  const content = contentOfForm({ ...form, url })
  if (!content.ok) throw new Error('no content')
  const fired = await testFire(db, accountId, {
    format: 'standard',
    encoding: 'json',
    content: content.value,
    secret: form.secret,
    webhookId: null,
    event: sampleEvent('feedback.created'),
  })
  if (!fired.ok) throw new Error(fired.message)
  const detail = await readCall(db, accountId, fired.callId)
  const shown = detail && shownRequest(detail)
  const headers = await revealCallHeaders(db, accountId, userId, fired.callId)
  const [seen] = receiver.requests
  expect(shown?.line).toBe(`POST ${seen?.url} HTTP/1.1`)
  expect(headers?.flatMap(({ name, value }) => [name, value])).toEqual(seen?.rawHeaders)
})
