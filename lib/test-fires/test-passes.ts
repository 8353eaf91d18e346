import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { hubTime } from '../db/ids'
import { accounts, testPasses } from '../db/schema'
import type { Encoding, FormatKey } from '../formats/format'
import { formats } from '../formats/formats'
import { fingerprints } from '../secrets/seal'
import { readSecretsAt } from '../webhooks/secrets-in-force'
import { newestSecret } from '../webhooks/signing-secret'
import { readInForce } from '../webhooks/stored-content'
import type { WebhookContent } from '../webhooks/webhook-content'

// A test fire answered 2xx allows sources to be linked for the same URL, format, credentials and secret (Customer
// Thermometer, “Webhooks”). A keyed hash of these is stored; an unsaved form and the webhook it becomes have the same one.

/** What a test fire proves: everything by which a receiver tells one call from another. */
export type TestedCall = {
  format: FormatKey
  encoding: Encoding
  content: Pick<WebhookContent, 'url' | 'authentication' | 'basicUser' | 'basicPassword' | 'headers' | 'success'>
  /** The signing secret of a new form, or of a rotation; absent: the secrets of `webhookId` that sign now. */
  secret?: string
  webhookId: string | null
}

/** The hashes under which a pass of this call may be stored, one for each seal key; the first is the one to store. */
export async function proofOf(db: Queryable, accountId: string, call: TestedCall): Promise<Buffer[]> {
  const { format, encoding, content } = call
  // An own header is among the headers, and what is sent with "none" is what is sent while the account has no key.
  const [accountKey, secrets] = await Promise.all([
    content.authentication === 'account-key' ? keyVersion(db, accountId) : null,
    signingSecrets(db, accountId, call),
  ])
  const credentials =
    content.authentication === 'basic'
      ? ['basic', content.basicUser, content.basicPassword?.reveal()]
      : ['account-key', accountKey]
  const headers = content.headers.map(({ name, value }) => [name.toLowerCase(), value.reveal()]).sort()
  return fingerprints(
    JSON.stringify([
      accountId,
      content.url,
      format,
      encoding,
      credentials,
      headers,
      secrets,
      ...(content.success === '2xx' ? [] : [content.success]),
    ]),
    'test pass',
  )
}

/** Stores that a test fire of this call was answered 2xx. */
export async function recordPass(db: Queryable, accountId: string, [hash]: Buffer[]): Promise<void> {
  await db
    .insert(testPasses)
    .values({ accountId, hash: hash as Buffer })
    .onConflictDoUpdate({ target: [testPasses.accountId, testPasses.hash], set: { passedAt: sql`hub_now()` } })
}

/** Whether a test fire of this call was ever answered 2xx. */
export async function hasPassed(db: Queryable, accountId: string, call: TestedCall): Promise<boolean> {
  const [pass] = await db
    .select({ at: testPasses.passedAt })
    .from(testPasses)
    .where(and(eq(testPasses.accountId, accountId), inArray(testPasses.hash, await proofOf(db, accountId, call))))
    .limit(1)
  return pass !== undefined
}

/** Whether a test fire of the version in force has passed. False for a deleted webhook. */
export async function storedHasPassed(db: Queryable, accountId: string, webhookId: string): Promise<boolean> {
  const stored = await readInForce(db, accountId, webhookId)
  if (!stored) return false
  const { format, encoding, content } = stored
  return hasPassed(db, accountId, { format, encoding, content, webhookId })
}

/**
 * Whether a test fire signed with the newest secret alone was answered 2xx, as the webhook is now. During a rotation it
 * shows that the receiver knows the new secret.
 */
export async function newSecretHasPassed(db: Queryable, accountId: string, webhookId: string): Promise<boolean> {
  const [stored, secret] = await Promise.all([
    readInForce(db, accountId, webhookId),
    newestSecret(db, accountId, webhookId),
  ])
  if (!stored || !secret) return false
  const { format, encoding, content } = stored
  return hasPassed(db, accountId, { format, encoding, content, webhookId, secret: secret.reveal() })
}

async function keyVersion(db: Queryable, accountId: string): Promise<number | null> {
  const [account] = await db
    .select({ version: accounts.preSharedKeyVersion })
    .from(accounts)
    .where(eq(accounts.id, accountId))
  return account?.version ?? null
}

async function signingSecrets(db: Queryable, accountId: string, call: TestedCall): Promise<string[]> {
  if (!formats[call.format].secret) return []
  if (call.secret) return [call.secret]
  if (!call.webhookId) return []
  const secrets = await readSecretsAt(db, accountId, call.webhookId, hubTime())
  return secrets.map((secret) => secret.reveal())
}
