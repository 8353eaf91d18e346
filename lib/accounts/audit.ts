import type { Queryable } from '../db/client'
import { newId } from '../db/ids'
import { audit } from '../db/schema'

/**
 * Writes down, in the caller's transaction, who changed what. `userId` is null for a command on the operator's shell;
 * `subject` names the thing ("api key key_01…"), `detail` says what about it. Never a secret, never a customer's data.
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
