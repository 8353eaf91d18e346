import { and, eq, isNull, sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import { raiseConfigVersion } from '../accounts/config-version'
import type { Database, Queryable } from '../db/client'
import { webhooks, webhookVersions } from '../db/schema'
import { cancelQueued } from '../pipeline/queue'
import { lockAccount } from './account-lock'
import { auditSubject } from './audit-subject'

/** `cancelled`: how many queued deliveries ended with it. */
export type SwitchResult = { outcome: 'done'; name: string; cancelled: number } | { outcome: 'gone' }

/** Switches a webhook on or off. Off cancels what is queued for it; on brings nothing back. */
export async function switchWebhook(
  db: Database,
  accountId: string,
  userId: string | null,
  webhookId: string,
  enabled: boolean,
): Promise<SwitchResult> {
  return db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const webhook = await readWebhook(tx, accountId, webhookId)
    if (!webhook) return { outcome: 'gone' }
    if (webhook.enabled === enabled) return { outcome: 'done', name: webhook.name, cancelled: 0 }
    await tx.update(webhooks).set({ enabled }).where(own(accountId, webhookId))
    const cancelled = enabled ? 0 : await cancelQueued(tx, accountId, webhookId, 'switched-off')
    await raiseConfigVersion(tx, accountId)
    const action = enabled ? 'webhook.switched-on' : 'webhook.switched-off'
    await recordAudit(tx, accountId, userId, action, auditSubject(webhookId), { name: webhook.name, cancelled })
    return { outcome: 'done', name: webhook.name, cancelled }
  })
}

/** Deletes a webhook: what is queued is cancelled, its name becomes free, its past calls stay. */
export async function deleteWebhook(
  db: Database,
  accountId: string,
  userId: string | null,
  webhookId: string,
): Promise<SwitchResult> {
  return db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const webhook = await readWebhook(tx, accountId, webhookId)
    if (!webhook) return { outcome: 'gone' }
    await tx.update(webhooks).set({ deletedAt: sql`hub_now()` }).where(own(accountId, webhookId))
    const cancelled = await cancelQueued(tx, accountId, webhookId, 'deleted')
    await raiseConfigVersion(tx, accountId)
    await recordAudit(tx, accountId, userId, 'webhook.deleted', auditSubject(webhookId), {
      name: webhook.name,
      cancelled,
    })
    return { outcome: 'done', name: webhook.name, cancelled }
  })
}

const own = (accountId: string, webhookId: string) =>
  and(eq(webhooks.accountId, accountId), eq(webhooks.id, webhookId), isNull(webhooks.deletedAt))

async function readWebhook(db: Queryable, accountId: string, webhookId: string) {
  const [webhook] = await db
    .select({ enabled: webhooks.enabled, name: webhookVersions.name })
    .from(webhooks)
    .innerJoin(
      webhookVersions,
      and(
        eq(webhookVersions.accountId, webhooks.accountId),
        eq(webhookVersions.webhookId, webhooks.id),
        eq(webhookVersions.version, webhooks.version),
      ),
    )
    .where(own(accountId, webhookId))
  return webhook
}
