import { randomBytes } from 'node:crypto'
import { and, desc, eq, isNull } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import type { Database } from '../db/client'
import { webhookSecrets, webhooks } from '../db/schema'
import type { FormatKey } from '../formats/format'
import { formats } from '../formats/formats'
import { unseal } from '../secrets/seal'
import type { Secret } from '../secrets/secret'
import { auditSubject } from './audit-subject'
import { signingSecretPlace } from './seal-places'

/** A fresh secret for each format that signs, made when a new form opens. */
export function generateSecrets(random: Uint8Array = randomBytes(32)): Partial<Record<FormatKey, string>> {
  return Object.fromEntries(
    Object.values(formats).flatMap(({ key, secret }) => (secret ? [[key, secret.generate(random)]] : [])),
  )
}

/** Opens a webhook's signing secret in force for a person to read, and writes down that they did. */
export async function revealSigningSecret(
  db: Database,
  accountId: string,
  userId: string | null,
  webhookId: string,
): Promise<Secret | undefined> {
  return db.transaction(async (tx) => {
    const [row] = await tx
      .select({ version: webhookSecrets.version, sealed: webhookSecrets.sealed })
      .from(webhookSecrets)
      .innerJoin(
        webhooks,
        and(eq(webhooks.accountId, webhookSecrets.accountId), eq(webhooks.id, webhookSecrets.webhookId)),
      )
      .where(
        and(
          eq(webhookSecrets.accountId, accountId),
          eq(webhookSecrets.webhookId, webhookId),
          isNull(webhookSecrets.expiresAt),
          isNull(webhooks.deletedAt),
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
