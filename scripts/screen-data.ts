import { sql } from 'drizzle-orm'
import { makeAuth } from '@/lib/accounts/auth'
import { createAccount } from '@/lib/accounts/create-account'
import { makeCallLink } from '@/lib/calls/call-links'
import type { Database } from '@/lib/db/client'
import { env } from '@/lib/env'
import type { FormResult } from '@/lib/form-result'
import { invite } from '@/lib/people/invitations'
import { makeResetPath } from '@/lib/people/reset-password'
import { type IdKind, showId } from '@/lib/type-id'
import { registerWebhook } from '@/lib/webhooks/register-webhook'
import { type DemoAccount, demoWebhooks } from './demo-account'
import { demoFeedback } from './demo-feedback'
import type { DemoHub } from './demo-hub'

/** What the addresses of screens name: shown ids of the demo's account, paths of links, and the owner's password. */
export type ScreenData = Record<'webhook' | 'source' | 'event' | 'call' | 'feedback', string> &
  Record<'reset' | 'invitation' | 'shared' | 'password', string>

const EVENTS = 12

/** Posts feedback to the demo's account, and waits for its calls. */
export async function postFeedback({ post }: DemoHub): Promise<void> {
  for (let n = 0; n < EVENTS; n++) await post(demoFeedback(n))
  for (const [type, rating] of [
    ['feedback.created', 4],
    ['feedback.updated', 2],
  ])
    await post({ type, source: 'shop', feedback: { id: 'demo-feedback', service: { rating } } })
  await post({
    type: 'message.created',
    source: 'shop',
    message: { id: 'demo-message', channel: 'email', status: 'sent', feedbackId: 'demo-feedback' },
  })
}

/** Makes what the screens name and the demo's account has not. Its calls must have been made. */
export async function makeScreenData(db: Database, { email, password }: DemoAccount): Promise<ScreenData> {
  const { rows } = await db.execute<{ account_id: string; user_id: string }>(
    sql`select account_id, user_id from members where user_id = (select id from users where email = ${email})`,
  )
  const { account_id: accountId = '', user_id: userId = '' } = rows[0] ?? {}
  const newest = async (table: string, where = sql`true`) => {
    const { rows } = await db.execute<{ id: string }>(
      sql`select id from ${sql.identifier(table)} where account_id = ${accountId} and ${where} order by id desc limit 1`,
    )
    if (!rows[0]) throw new Error(`The demo's account has no ${table}`)
    return rows[0].id
  }
  const shown = async (kind: IdKind, table: string, where?: ReturnType<typeof sql>) =>
    showId(kind, await newest(table, where))
  const call = await newest('calls')
  const auth = makeAuth(db, { url: env().HEARBACK_URL, secret: env().HEARBACK_SESSION_SECRET })
  const guest = { email: 'priya@example.net', role: 'viewer' as const }
  return {
    webhook: await shown('webhook', 'webhooks', sql`format = 'standard'`),
    source: await shown('source', 'sources', sql`key = 'after-delivery'`),
    event: await shown('event', 'events', sql`type = 'feedback.created'`),
    call: showId('call', call),
    feedback: await shown('feedback', 'feedback', sql`external_id = 'demo-feedback'`),
    reset: await makeResetPath(auth, userId),
    invitation: taken(await invite(db, { accountId, by: userId }, guest)).path,
    shared: taken(await makeCallLink(db, { accountId, userId }, { callId: call, personal: false })).path,
    password,
  }
}

/** Accounts that have only begun, each with its owner: one without a WebHook, and one with its first. */
export async function makeBeginners(db: Database, password: string) {
  const emails = { newcomer: 'newcomer@example.net', beginner: 'beginner@example.net' }
  for (const [identifier, email] of Object.entries(emails)) {
    const { accountId, userId } = taken(await createAccount(db, { name: 'Quay Lighting', identifier, email, password }))
    const [form] = demoWebhooks('https://www.your-shop.com/hooks').filter(({ format }) => format === 'standard')
    if (identifier === 'beginner' && form) taken(await registerWebhook(db, { accountId, userId, form }))
  }
  return emails
}

function taken<T>(result: FormResult<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.errors))
  return result.value
}
