import { and, eq, isNull } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import { raiseConfigVersion } from '../accounts/config-version'
import type { Database } from '../db/client'
import { webhooks } from '../db/schema'
import { writeNotices } from '../notices/write-notices'
import { lockAccount } from '../webhooks/account-lock'
import { auditSubject } from '../webhooks/audit-subject'
import { endQueued } from './queue'

/**
 * Turns a webhook off by ourselves: it answered 410, or failed for five days. What waits for it ends as exhausted, so
 * that it can be recovered. Does nothing when it is off already.
 */
export async function turnOff(
  db: Database,
  accountId: string,
  webhookId: string,
  reason: 'gone' | 'failing',
): Promise<void> {
  await db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const on = and(eq(webhooks.accountId, accountId), eq(webhooks.id, webhookId), eq(webhooks.enabled, true))
    const [turned] = await tx
      .update(webhooks)
      .set({ enabled: false, turnedOff: reason })
      .where(and(on, isNull(webhooks.deletedAt)))
      .returning({ id: webhooks.id })
    if (!turned) return
    const exhausted = await endQueued(tx, accountId, webhookId, { kind: 'exhausted', reason: `turned-off-${reason}` })
    await writeNotices(tx, [{ accountId, webhookId, kind: 'turned-off', detail: { reason, exhausted } }])
    await raiseConfigVersion(tx, accountId)
    await recordAudit(tx, accountId, null, 'webhook.turned-off', auditSubject(webhookId), { reason, exhausted })
  })
}
