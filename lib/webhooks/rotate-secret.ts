import { randomBytes } from 'node:crypto'
import { and, eq, gt, isNull, or, sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import { raiseConfigVersion } from '../accounts/config-version'
import type { Database, Queryable } from '../db/client'
import { webhookSecrets } from '../db/schema'
import { done, type FormResult, refused } from '../form-result'
import { formats } from '../formats/formats'
import { seal, unseal } from '../secrets/seal'
import { lockAccount } from './account-lock'
import { auditSubject } from './audit-subject'
import type { Rotation } from './rotation-schema'
import { signingSecretPlace } from './seal-places'
import { versionInForce } from './stored-content'
import { gone } from './update-webhook'

/** The most secrets that sign at once: receivers refuse a longer signature header. */
export const signAtMost = 5

export type SecretRotation = {
  accountId: string
  userId: string | null
  webhookId: string
  /** Already parsed (rotation-schema.ts). */
  rotation: Rotation
}

/**
 * Gives a webhook a new signing secret. A format with several signatures signs with the new secret at once, and with each
 * former one until the overlap ends or the secret's own end, whichever is earlier. A format with one signature signs with
 * the present secret until the overlap ends, then with the new one. A secret that still waits for its switch is replaced
 * and never signs.
 */
export async function rotateSecret(
  db: Database,
  { accountId, userId, webhookId, rotation }: SecretRotation,
): Promise<FormResult<{ version: number }>> {
  const { entered, secret, overlapHours } = rotation
  return db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const webhook = await versionInForce(tx, accountId, webhookId)
    if (!webhook) return gone
    const { secret: secretForm, signatures } = formats[webhook.format]
    if (!secretForm) return refused(`${formats[webhook.format].label} is not signed: it has no secret to rotate.`)

    const live = await liveSecrets(tx, accountId, webhookId)
    const [newest] = live
    if (!newest) throw new Error(`webhook ${webhookId} has no signing secret`)
    const text = entered ? secret : secretForm.generate(randomBytes(32))
    // A secret that still waits may be entered again, to move its switch time.
    if (
      !newest.waiting &&
      unseal(newest.sealed, signingSecretPlace(accountId, webhookId, newest.version)).reveal() === text
    )
      return refused('This is the secret that signs already. Enter another one.', 'secret')
    if (signatures === 'several' && overlapHours > 0 && live.length >= signAtMost)
      return refused(
        `${signAtMost} secrets sign already. Enter an overlap of 0 to end the former ones now, or wait until one ends.`,
        'overlapHours',
      )

    const overlapEnds = sql`hub_now() + make_interval(hours => ${overlapHours})`
    for (const { version, waiting } of live)
      await tx
        .update(webhookSecrets)
        .set(
          waiting
            ? { signsFrom: sql`hub_now()`, expiresAt: sql`hub_now()` }
            : // `least` ignores null: the newest secret has no end.
              { expiresAt: signatures === 'several' ? sql`least(expires_at, ${overlapEnds})` : overlapEnds },
        )
        .where(and(own(accountId, webhookId), eq(webhookSecrets.version, version)))
    const version = newest.version + 1
    await tx.insert(webhookSecrets).values({
      accountId,
      webhookId,
      version,
      sealed: seal(text, signingSecretPlace(accountId, webhookId, version)),
      signsFrom: signatures === 'several' ? sql`hub_now()` : overlapEnds,
    })
    await raiseConfigVersion(tx, accountId)
    await recordAudit(tx, accountId, userId, 'webhook.secret-rotated', auditSubject(webhookId), {
      version,
      entered,
      overlapHours,
    })
    return done({ version })
  })
}

/** Ends a rotation's overlap early: from now on only the newest secret signs. Returns whether there was an overlap. */
export async function endOverlap(
  db: Database,
  accountId: string,
  userId: string | null,
  webhookId: string,
): Promise<FormResult<{ ended: boolean }>> {
  return db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    if (!(await versionInForce(tx, accountId, webhookId))) return gone
    const [newest, ...former] = await liveSecrets(tx, accountId, webhookId)
    if (!newest || former.length === 0) return done({ ended: false })
    const ofVersion = (version: number) => and(own(accountId, webhookId), eq(webhookSecrets.version, version))
    for (const { version } of former)
      await tx.update(webhookSecrets).set({ expiresAt: sql`hub_now()` }).where(ofVersion(version))
    await tx
      .update(webhookSecrets)
      .set({ signsFrom: sql`least(signs_from, hub_now())` })
      .where(ofVersion(newest.version))
    await raiseConfigVersion(tx, accountId)
    await recordAudit(tx, accountId, userId, 'webhook.overlap-ended', auditSubject(webhookId), {
      version: newest.version,
    })
    return done({ ended: true })
  })
}

/** The secrets that sign now or later, newest first. `waiting`: it does not sign yet. */
async function liveSecrets(db: Queryable, accountId: string, webhookId: string) {
  return db
    .select({
      version: webhookSecrets.version,
      sealed: webhookSecrets.sealed,
      waiting: sql<boolean>`${webhookSecrets.signsFrom} > hub_now()`,
    })
    .from(webhookSecrets)
    .where(
      and(
        own(accountId, webhookId),
        or(isNull(webhookSecrets.expiresAt), gt(webhookSecrets.expiresAt, sql`hub_now()`)),
      ),
    )
    .orderBy(sql`version desc`)
}

const own = (accountId: string, webhookId: string) =>
  and(eq(webhookSecrets.accountId, accountId), eq(webhookSecrets.webhookId, webhookId))
