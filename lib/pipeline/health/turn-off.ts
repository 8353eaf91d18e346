import { and, eq, isNull, sql } from 'drizzle-orm'
import { recordAudit } from '../../accounts/audit'
import { raiseConfigVersion } from '../../accounts/config-version'
import type { Database, Transaction } from '../../db/client'
import { webhooks } from '../../db/schema'
import { writeNotices } from '../../notices/write-notices'
import { lockAccount } from '../../webhooks/account-lock'
import { auditSubject } from '../../webhooks/audit-subject'
import { endQueued } from '../queue/end'
import type { TurnOffReason } from './health'
import { notHeld } from './hold'
import { storeHealth, unnoticedSuccess } from './store-health'

/**
 * Turns a webhook off because it answered 410, asked for it, or has failed for five days. Its waiting deliveries end as exhausted, so
 * that they can be recovered. Returns whether the webhook was on.
 *
 * A drainer that died between recording a call and updating the webhook's health may have left a success unnoticed. For
 * `failing`, the recorded calls are therefore read first; a success among them keeps the webhook on.
 */
export async function turnOff(
  db: Database,
  accountId: string,
  webhookId: string,
  reason: TurnOffReason,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    if (reason === 'failing' && (await forgetFailures(tx, accountId, webhookId))) return false
    const on = and(eq(webhooks.accountId, accountId), eq(webhooks.id, webhookId), eq(webhooks.enabled, true))
    const [turned] = await tx
      .update(webhooks)
      .set({ enabled: false, turnedOff: reason, switchedAt: sql`hub_now()`, ...notHeld })
      .where(and(on, isNull(webhooks.deletedAt)))
      .returning({ id: webhooks.id })
    if (!turned) return false
    const exhausted = await endQueued(tx, accountId, webhookId, { kind: 'exhausted', reason: `turned-off-${reason}` })
    await writeNotices(tx, [{ accountId, webhookId, kind: 'turned-off', detail: { reason, exhausted } }])
    await raiseConfigVersion(tx, accountId)
    await recordAudit(tx, accountId, null, 'webhook.turned-off', auditSubject(webhookId), { reason, exhausted })
    return true
  })
}

/** Resets the failures of a webhook that has succeeded since. Returns whether it has. */
async function forgetFailures(db: Transaction, accountId: string, webhookId: string): Promise<boolean> {
  const { rowCount } = await db.execute(sql`
    select from webhook_health h where account_id = ${accountId} and webhook_id = ${webhookId} and exists (
      select from calls c where c.account_id = h.account_id and c.webhook_id = h.webhook_id
        and c.id >= uuid_floor(h.failing_since) and c.failure is null and not c.test)`)
  if (rowCount === 0) return false
  await storeHealth(db, [unnoticedSuccess(accountId, webhookId)])
  return true
}
