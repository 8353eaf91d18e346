import { sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import { raiseConfigVersion } from '../accounts/config-version'
import type { Queryable } from '../db/client'
import { cancelQueued } from '../pipeline/queue/end'
import { auditSubject } from '../webhooks/audit-subject'

/**
 * Closes a relay: deletes its webhook and cancels what it has not been given, in the caller's transaction, which has locked
 * the account. `dueOnly`: only one whose machine was not heard of for a minute. Returns how many deliveries were cancelled;
 * undefined: it is no relay, or is closed already.
 */
export async function closeRelay(
  db: Queryable,
  accountId: string,
  webhookId: string,
  { dueOnly = false } = {},
): Promise<number | undefined> {
  const { rowCount } = await db.execute(sql`
    update webhooks set deleted_at = hub_now(), held_at = null, held_until = null
    where account_id = ${accountId} and id = ${webhookId} and relay and deleted_at is null
      ${dueOnly ? sql`and held_until <= hub_now()` : sql``}`)
  if (rowCount === 0) return undefined
  const cancelled = await cancelQueued(db, accountId, webhookId, 'relay-closed')
  await raiseConfigVersion(db, accountId)
  await recordAudit(db, accountId, null, 'webhook.deleted', auditSubject(webhookId), { cancelled })
  return cancelled
}
