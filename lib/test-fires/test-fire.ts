import { sql } from 'drizzle-orm'
import type { Database } from '../db/client'
import { takeEventNumbers } from '../db/event-numbers'
import { floorId, freshClock, hubTime, newId, newRandomId } from '../db/ids'
import { env } from '../env'
import { decisionWords } from '../events/decision-words'
import type { EventRecord } from '../events/event-record'
import type { Feedback, IncomingEvent } from '../events/event-schema'
import { sampleEvent } from '../events/sample-events'
import type { Encoding, FormatKey } from '../formats/format'
import { formats } from '../formats/formats'
import type { CallResult } from '../pipeline/deliver/call-result'
import { deliver } from '../pipeline/deliver/deliver'
import { maskEcho } from '../pipeline/deliver/mask-echo'
import { buildCall, type SignedCall } from '../pipeline/deliver/request'
import { guardOf, openClient } from '../pipeline/deliver/targets'
import { storeTestCall } from '../pipeline/queue/append-calls'
import { unseal } from '../secrets/seal'
import { Secret } from '../secrets/secret'
import { withSourceDefaults } from '../sources/source-defaults'
import { urlPolicyOf } from '../webhooks/form-context'
import { preSharedKeyPlace } from '../webhooks/seal-places'
import { readSecretsAt } from '../webhooks/secrets-in-force'
import type { WebhookContent } from '../webhooks/webhook-content'
import type { TestSnapshot } from './test-snapshot'

// The test fire: one call of a webhook as the form describes it, through the same render, sign, guard and deliver as
// a real one. It is logged, and it touches neither the queue nor the webhook's health.

const deadlineAtMostMs = 10_000
export const testFiresAMinute = 10

export type TestFireInput = {
  format: FormatKey
  encoding: Encoding
  content: WebhookContent
  /** The signing secret that the form holds; absent: the stored one of `webhookId`. */
  secret?: string
  /** The saved webhook being tested, or null for a form that was never saved. */
  webhookId: string | null
  event: IncomingEvent
}

export type TestFired =
  | { ok: true; callId: string; result: CallResult }
  | { ok: false; message: string; field?: 'sample' }

/** Fires once and answers what happened; at most 10 a minute an account. Deadline: the form's timeout, at most 10 s. */
export async function testFire(db: Database, accountId: string, input: TestFireInput): Promise<TestFired> {
  const { format: key, encoding, content, webhookId } = input
  const format = formats[key]
  await freshClock(db.$client)
  const number = await takeEventNumbers(db.$client, 2)
  const account = await readAccount(db, accountId)
  const record = sampleRecord(input.event, number)
  const lacking = format.lacks(record)
  if (lacking) return { ok: false, message: decisionWords(lacking), field: 'sample' }
  const payload = {
    id: newId(),
    body: format.render(record, {
      hubUrl: env().HEARBACK_URL,
      encoding,
      accountId,
      merchantIdentifier: account.identifier,
      wootricToken: account.wootricToken,
      teamId: account.teamId,
    }),
  }
  const deliveryId = newId()
  if (!(await store(db, accountId, deliveryId, payload, input)))
    return { ok: false, message: `At most ${testFiresAMinute} test fires a minute. Try again in a minute.` }
  const now = hubTime()
  const secrets = await signingSecrets(db, accountId, input, now)
  const usesKey = content.authentication === 'account-key'
  const url = new URL(content.url)
  const signed = buildCall({
    format,
    encoding,
    path: url.pathname + url.search,
    body: payload.body,
    deliveryId,
    attempt: 1,
    feedbackVersion: 'feedback' in input.event ? 1 : null,
    credentials: {
      basic: content.basicPassword ? { user: content.basicUser ?? '', password: content.basicPassword } : undefined,
      preSharedKey: usesKey ? account.preSharedKey : undefined,
    },
    custom: content.headers.flatMap(({ name, value }) => [name, value.reveal()]),
    secrets,
    nowMs: now,
    test: true,
  })
  const callId = newId()
  const result = await callOnce(input, signed)
  await storeTestCall(db, {
    callId,
    accountId,
    deliveryId,
    webhookId,
    webhookVersion: null,
    attempt: 1,
    signedAt: signed.signedAt,
    signature: signed.signature,
    keyVersion: usesKey ? account.keyVersion : null,
    secretVersion: null,
    replay: false,
    result,
  })
  return { ok: true, callId, result }
}

async function callOnce({ format, content }: TestFireInput, { request, secrets }: SignedCall): Promise<CallResult> {
  const url = new URL(content.url)
  const deadlineMs = Math.min(content.timeoutSeconds * 1000, deadlineAtMostMs)
  const client = openClient(url.origin, guardOf(url, formats[format].plainHttp, urlPolicyOf(env())), deadlineMs)
  try {
    return maskEcho(await deliver(client, request, deadlineMs, content.success), secrets)
  } finally {
    await client.destroy()
  }
}

/** Keeps the payload and the delivery, unless the account fired too often in the last minute. */
async function store(
  db: Database,
  accountId: string,
  deliveryId: string,
  payload: { id: string; body: string },
  { format, encoding, content, webhookId, event }: TestFireInput,
): Promise<boolean> {
  const snapshot: TestSnapshot = {
    name: content.name,
    url: content.url,
    format,
    encoding,
    authentication: content.authentication,
    basicUser: content.basicUser ?? undefined,
    headerNames: content.headers.map(({ name }) => name),
  }
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`test fire ${accountId}`}))`)
    const { rows } = await tx.execute<{ n: number }>(sql`
      select count(*)::int as n from deliveries
      where account_id = ${accountId} and test is not null and id >= ${floorId(hubTime() - 60_000)}`)
    if ((rows[0]?.n ?? 0) >= testFiresAMinute) return false
    await tx.execute(sql`insert into payloads (account_id, id, format, body)
      values (${accountId}, ${payload.id}, ${format}, ${payload.body})`)
    await tx.execute(sql`insert into deliveries (account_id, id, webhook_id, payload_id, feedback_version, test)
      values (${accountId}, ${deliveryId}, ${webhookId}, ${payload.id}, ${'feedback' in event ? 1 : null},
        ${JSON.stringify(snapshot)}::jsonb)`)
    return true
  })
}

type AccountRow = {
  identifier: string
  version: number | null
  sealed: string | null
  wootricToken: string | null
  teamId: string | null
}

async function readAccount(db: Database, accountId: string) {
  const { rows } = await db.execute<AccountRow>(sql`
    select a.identifier, a.pre_shared_key_version as version, k.sealed, a.wootric_token as "wootricToken",
      a.team_id as "teamId"
    from accounts a
    left join pre_shared_keys k on k.account_id = a.id and k.version = a.pre_shared_key_version
    where a.id = ${accountId}`)
  const row = rows[0]
  if (!row) throw new Error(`there is no account ${accountId}`)
  const { version, sealed, ...account } = row
  const preSharedKey = sealed === null ? undefined : unseal(sealed, preSharedKeyPlace(accountId, version as number))
  return { ...account, keyVersion: version, preSharedKey }
}

async function signingSecrets(db: Database, accountId: string, { secret, webhookId }: TestFireInput, atMs: number) {
  if (secret) return [new Secret(secret)]
  if (!webhookId) return []
  return readSecretsAt(db, accountId, webhookId, atMs)
}

/**
 * A sample event as the record that formats render. It comes from no source and is stored nowhere. `number`: the first of
 * two event numbers, for the event and its feedback.
 */
function sampleRecord(event: IncomingEvent, number: number): EventRecord {
  const now = new Date(hubTime()).toISOString()
  const own = { publicId: newRandomId(), number: number + 1, version: 1, createdAt: now, updatedAt: now }
  // What a deletion tells of is the version that was stored last.
  const last = sampleEvent('feedback.created') as { feedback?: Feedback }
  const known = event.type === 'feedback.deleted' && { ...last.feedback, deletedAt: now }
  return {
    id: newId(),
    number,
    type: event.type,
    occurredAt: event.occurredAt ?? now,
    triggeredAt: now,
    source: { id: newRandomId(), ...withSourceDefaults(event.source), number: 1, vendorIds: {} },
    feedback: 'feedback' in event ? { ...known, ...event.feedback, ...own } : undefined,
    decline: 'decline' in event ? event.decline : undefined,
    message: 'message' in event ? event.message : undefined,
  }
}
