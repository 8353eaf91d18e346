import { randomBytes } from 'node:crypto'
import { and, desc, eq, gt, isNull, lte, or, sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import type { Database, Queryable } from '../db/client'
import { webhookSecrets, webhooks } from '../db/schema'
import type { FormatKey } from '../formats/format'
import { formats } from '../formats/formats'
import { unseal } from '../secrets/seal'
import type { Secret } from '../secrets/secret'
import { auditSubject } from './audit-subject'
import { signingSecretPlace } from './seal-places'

/** A new secret for each format that signs, generated when a new form opens. */
export function generateSecrets(random: Uint8Array = randomBytes(32)): Partial<Record<FormatKey, string>> {
  return Object.fromEntries(
    Object.values(formats).flatMap(({ key, secret }) => (secret ? [[key, secret.generate(random)]] : [])),
  )
}

/**
 * The signing secrets of a webhook that sign now or later, newest first, without their text. There are two or more during
 * a rotation's overlap. `waiting`: it signs from `signsFrom` on.
 */
export async function listSigningSecrets(db: Queryable, accountId: string, webhookId: string) {
  return db
    .select({
      version: webhookSecrets.version,
      createdAt: webhookSecrets.createdAt,
      signsFrom: webhookSecrets.signsFrom,
      expiresAt: webhookSecrets.expiresAt,
      waiting: sql<boolean>`${webhookSecrets.signsFrom} > hub_now()`,
    })
    .from(webhookSecrets)
    .innerJoin(webhooks, ofWebhook)
    .where(live(accountId, webhookId))
    .orderBy(desc(webhookSecrets.version))
}
export type SigningSecretState = Awaited<ReturnType<typeof listSigningSecrets>>[number]

/**
 * Opens a signing secret for a person to read and records that in the audit log. Without `version` it is the newest that
 * signs now. Undefined when there is none or it no longer signs.
 */
export async function revealSigningSecret(
  db: Database,
  accountId: string,
  userId: string | null,
  webhookId: string,
  version?: number,
): Promise<Secret | undefined> {
  return db.transaction(async (tx) => {
    const [row] = await tx
      .select({ version: webhookSecrets.version, sealed: webhookSecrets.sealed })
      .from(webhookSecrets)
      .innerJoin(webhooks, ofWebhook)
      .where(
        and(
          live(accountId, webhookId),
          version === undefined ? lte(webhookSecrets.signsFrom, sql`hub_now()`) : eq(webhookSecrets.version, version),
        ),
      )
      .orderBy(desc(webhookSecrets.version))
      .limit(1)
    if (!row) return undefined
    await recordAudit(tx, accountId, userId, 'webhook.secret-revealed', auditSubject(webhookId), {
      version: row.version,
    })
    return unseal(row.sealed, signingSecretPlace(accountId, webhookId, row.version))
  })
}

/** The newest secret of a webhook, whether it signs by now or later; undefined when it has none. Throws as `unseal` does. */
export async function newestSecret(db: Queryable, accountId: string, webhookId: string): Promise<Secret | undefined> {
  const [row] = await db
    .select({ version: webhookSecrets.version, sealed: webhookSecrets.sealed })
    .from(webhookSecrets)
    .innerJoin(webhooks, ofWebhook)
    .where(live(accountId, webhookId))
    .orderBy(desc(webhookSecrets.version))
    .limit(1)
  return row && unseal(row.sealed, signingSecretPlace(accountId, webhookId, row.version))
}

const ofWebhook = and(eq(webhooks.accountId, webhookSecrets.accountId), eq(webhooks.id, webhookSecrets.webhookId))

const live = (accountId: string, webhookId: string) =>
  and(
    eq(webhookSecrets.accountId, accountId),
    eq(webhookSecrets.webhookId, webhookId),
    isNull(webhooks.deletedAt),
    or(isNull(webhookSecrets.expiresAt), gt(webhookSecrets.expiresAt, sql`hub_now()`)),
  )
