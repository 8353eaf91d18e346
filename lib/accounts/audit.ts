import type { Queryable } from '../db/client'
import { newId } from '../db/ids'
import { audit } from '../db/schema'

/**
 * Records, in the caller's transaction, who changed what. `userId` is null for a command on the operator's shell;
 * `subject` names the thing ("api key key_01…"), `detail` holds what changed. Neither holds a secret or a customer's data.
 */
export async function recordAudit(
  db: Queryable,
  accountId: string,
  userId: string | null,
  action: string,
  subject: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await db.insert(audit).values({ accountId, id: newId(), userId, action, subject, detail })
}
