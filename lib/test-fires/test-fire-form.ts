import type { CallAnswer } from '../calls/failure-words'
import type { Database } from '../db/client'
import { env } from '../env'
import type { IncomingEvent } from '../events/event-schema'
import { faultSentence, readEvent } from '../events/read-event'
import { sampleEvent } from '../events/sample-events'
import { done, type FormResult, refused } from '../form-result'
import { formats } from '../formats/formats'
import { checkTarget } from '../pipeline/deliver/target-check'
import { makeProbeDue } from '../pipeline/health/probe-due'
import { showId } from '../type-id'
import { readFormContext, urlPolicyOf } from '../webhooks/form-context'
import { nameSchema } from '../webhooks/name-schema'
import { parseWebhookForm } from '../webhooks/parse-webhook-form'
import { newestSecret } from '../webhooks/signing-secret'
import { readInForce, readVersion } from '../webhooks/stored-content'
import { gone } from '../webhooks/update-webhook'
import { contentOfForm } from '../webhooks/webhook-content'
import { readWebhookForEdit } from '../webhooks/webhook-queries'
import { type TestFireInput, testFire } from './test-fire'
import { proofOf, recordPass } from './test-passes'

/** The outcome of a test fire, as the person sees it. */
export type TestFireAnswer = CallAnswer & {
  /** The call's TypeID: its page holds the rest. */
  callId: string
  durationMs: number
  responseBody: string
  /** The receiver answered 2xx: sources can be added to a WebHook with these values. */
  passed: boolean
}

const unnamed = 'Unsaved WebHook'

/**
 * Test-fires the values of a form, saved or not. Name and sources are not checked: the call does not depend on them, and
 * sources can be chosen only after a test fire.
 */
export async function fireForm(
  db: Database,
  accountId: string,
  { webhookId, values, sample }: { webhookId: string | null; values: Record<string, unknown>; sample: unknown },
): Promise<FormResult<TestFireAnswer>> {
  const stored = webhookId === null ? undefined : await readWebhookForEdit(db, accountId, webhookId)
  if (webhookId !== null && !stored) return gone
  const name = nameSchema.safeParse(values.name).success ? values.name : unnamed
  const parsed = await parseWebhookForm(
    { ...values, name, sources: { kind: 'all' } },
    await readFormContext(db, accountId, stored),
  )
  if (!parsed.ok) return parsed
  const kept = stored && (await readVersion(db, accountId, stored.id, stored.version))
  const content = contentOfForm(parsed.value, kept?.content)
  if (!content.ok) return content
  const read = readEvent(sample)
  if ('fault' in read) return refused(faultSentence(read.fault), 'sample')
  const { event } = read
  const { format, encoding } = parsed.value
  if (!formats[format].offers.some(({ type }) => type === event.type))
    return refused(`${formats[format].label} does not send "${event.type}".`, 'sample')
  const secret = stored ? undefined : parsed.value.secret
  return fire(db, accountId, { format, encoding, content: content.value, secret, webhookId, event })
}

/**
 * Test-fires a webhook as it is saved, with `event` or with a sample of the first event of its rule. `newSecret`: signed
 * with the newest secret alone, as all calls are once a rotation's overlap has ended.
 */
export async function fireStored(
  db: Database,
  accountId: string,
  webhookId: string,
  { event, newSecret = false }: { event?: IncomingEvent; newSecret?: boolean } = {},
): Promise<FormResult<TestFireAnswer>> {
  const stored = await readInForce(db, accountId, webhookId)
  if (!stored) return gone
  const { format, encoding, content } = stored
  const message = await checkTarget(content.url, formats[format].plainHttp, urlPolicyOf(env()))
  if (message) return refused(message)
  const fired = event ?? sampleEvent(content.rule.events[0] ?? 'feedback.created')
  if (!formats[format].offers.some(({ type }) => type === fired.type))
    return refused(`${formats[format].label} does not send "${fired.type}".`, 'sample')
  const secret = newSecret ? (await newestSecret(db, accountId, webhookId))?.reveal() : undefined
  return fire(db, accountId, { format, encoding, content, secret, webhookId, event: fired })
}

async function fire(db: Database, accountId: string, input: TestFireInput): Promise<FormResult<TestFireAnswer>> {
  const proof = await proofOf(db, accountId, input)
  const fired = await testFire(db, accountId, input)
  if (!fired.ok) return refused(fired.message, fired.field)
  const { status, failure, detail, durationMs, responseBody } = fired.result
  // The call proves nothing if a key or secret changed while it was under way.
  const passed = failure === null && (await proofOf(db, accountId, input))[0]?.equals(proof[0] as Buffer) === true
  if (passed) await recordPass(db, accountId, proof)
  if (failure === null && input.webhookId !== null) await makeProbeDue(db, accountId, input.webhookId)
  return done({ callId: showId('call', fired.callId), status, failure, detail, durationMs, responseBody, passed })
}
