import { sql } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { makeCall } from '@/e2e/fixtures/data/calls'
import { makeAccount, makeWebhook } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { newId } from '../db/ids'
import { audit } from '../db/schema'
import { listCallLinks, makeCallLink, openCallLink, revokeCallLink } from './call-links'
import { type CallDetail, readCall } from './read-call'
import { sharedCall } from './shared-call'

let db: Database
beforeAll(async () => {
  db = (await createTestDatabase()).db
})

const url = 'https://93.184.215.14/services/T0SECRET/inbox?token=abcdef'
const body = '{"data":{"feedback":{"id":"fb-1","customer":{"name":"Priya Shah"},"comment":"It broke"}}}'

async function shareCall({ personal = false, answer = 'ok' } = {}) {
  const who = await makeAccount(db)
  const webhookId = await makeWebhook(db, who, { name: 'Low', url, format: 'standard' })
  const { callId } = await makeCall(db, who.accountId, {
    webhookId,
    body,
    status: 422,
    failure: 'status',
    responseBody: answer,
    responseBytes: answer.length,
    responseHeaders: JSON.stringify(['set-cookie', 'session=theirs', 'x-path', '/services/T0SECRET/inbox']),
  })
  const made = await makeCallLink(db, who, { callId, personal })
  if (!made.ok) throw new Error('refused')
  return { ...who, callId, path: made.value.path, token: made.value.path.split('/').at(-1) as string }
}

test('a link has 128 random bits, is stored as its hash alone, and opens its call for seven days', async () => {
  const { accountId, callId, path, token } = await shareCall()
  expect(path).toMatch(/^\/shared\/[\w-]{22}$/)
  const { rows } = await db.execute<{ row: string; days: number }>(sql`
    select l::text as row, extract(day from expires_at - created_at)::int as days from call_links l
    where account_id = ${accountId}`)
  expect(rows).toMatchObject([{ days: 7 }])
  expect(rows[0]?.row).not.toContain(token)
  expect(await openCallLink(db, token)).toMatchObject({ accountId, callId, personal: false })
  expect(await openCallLink(db, `${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`)).toBeUndefined()
  await db.execute(sql`update call_links set expires_at = hub_now() where account_id = ${accountId}`)
  expect(await openCallLink(db, token)).toBeUndefined()
})

test('a revoked link opens nothing, and the audit log has both', async () => {
  const { accountId, userId, callId, token } = await shareCall({ personal: true })
  const [link] = await listCallLinks(db, accountId, callId)
  const other = await makeAccount(db)
  expect(await revokeCallLink(db, other.accountId, other.userId, link?.id as string)).toMatchObject({ ok: false })
  expect(await openCallLink(db, token)).toBeDefined()
  expect(await revokeCallLink(db, accountId, userId, link?.id as string)).toMatchObject({ ok: true })
  expect(await openCallLink(db, token)).toBeUndefined()
  expect(await listCallLinks(db, accountId, callId)).toEqual([])
  const entries = await db
    .select({ action: audit.action, detail: audit.detail })
    .from(audit)
    .where(sql`account_id = ${accountId} and action like 'call.%'`)
    .orderBy(audit.id)
  expect(entries).toEqual([
    { action: 'call.link-made', detail: { personal: true, days: 7 } },
    { action: 'call.link-revoked', detail: {} },
  ])
})

test('a link can be made only to a call of the account, and opens nothing while the account is suspended', async () => {
  const { accountId, userId, token } = await shareCall()
  const other = await shareCall()
  const foreign = { callId: other.callId, personal: true }
  expect(await makeCallLink(db, { accountId, userId }, foreign)).toMatchObject({ ok: false, missing: true })
  expect(await makeCallLink(db, { accountId, userId }, { ...foreign, callId: newId() })).toMatchObject({ ok: false })
  await db.execute(sql`update accounts set suspended_at = hub_now() where id = ${accountId}`)
  expect(await openCallLink(db, token)).toBeUndefined()
})

test('the page of a link shows no key, no path of the URL and no personal data, in the answer neither', async () => {
  const answer = 'no /services/T0SECRET/inbox, T0SECRET or abcdef for Priya Shah: It broke; field "sku" is missing'
  const { accountId, callId } = await shareCall({ answer })
  const detail = (await readCall(db, accountId, callId)) as CallDetail
  const hidden = sharedCall(detail, { personal: false })
  const text = JSON.stringify(hidden)
  for (const secret of ['T0SECRET', 'abcdef', 'Priya', 'It broke', 'session=']) expect(text).not.toContain(secret)
  expect(hidden.response?.body).toContain('field "sku" is missing')
  const shown = sharedCall(detail, { personal: true })
  expect(shown.body).toBe(body)
  expect(shown.response?.body).toContain('Priya Shah: It broke')
  for (const secret of ['T0SECRET', 'abcdef', 'session=']) expect(JSON.stringify(shown)).not.toContain(secret)
})
