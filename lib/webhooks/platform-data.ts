import { and, eq, isNull } from 'drizzle-orm'
import type { Metadata } from '../accounts/account-limits'
import { recordAudit } from '../accounts/audit'
import type { Transactional } from '../db/client'
import { webhooks } from '../db/schema'
import { lockAccount } from './account-lock'
import { auditSubject } from './audit-subject'
import { liveWebhook } from './webhook-state'

/** Saves what the platform keeps with a webhook. It makes no version, because nothing that is called or sent depends on it. */
export async function changeMetadata(
  db: Transactional,
  { accountId, userId, webhookId }: { accountId: string; userId: string | null; webhookId: string },
  metadata: Metadata,
): Promise<void> {
  await db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const [before] = await tx
      .select({ metadata: webhooks.metadata })
      .from(webhooks)
      .where(liveWebhook(accountId, webhookId))
    if (!before || JSON.stringify(before.metadata) === JSON.stringify(metadata)) return
    await tx.update(webhooks).set({ metadata }).where(liveWebhook(accountId, webhookId))
    await recordAudit(tx, accountId, userId, 'webhook.updated', auditSubject(webhookId), { changed: ['metadata'] })
  })
}

/** Whether another webhook that is not deleted has this id of the platform's. */
export async function isExternalIdTaken(db: Transactional, accountId: string, externalId: string): Promise<boolean> {
  const taken = await db
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(and(eq(webhooks.accountId, accountId), eq(webhooks.externalId, externalId), isNull(webhooks.deletedAt)))
  return taken.length > 0
}
