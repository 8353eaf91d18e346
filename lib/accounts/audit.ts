import { eq } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { newId } from '../db/ids'
import { members } from '../db/people-schema'
import { audit } from '../db/schema'
import { showId } from '../type-id'
import { callerAddress, callerKey } from './caller'

export const accountSubject = (accountId: string): string => `account ${showId('account', accountId)}`

/**
 * Records, in the caller's transaction, who changed what and from where. `userId` is null for a request with an API key,
 * which the entry names, and for a command on the operator's shell; `subject` names the thing ("api key key_01…"), `detail` holds what changed. Neither holds a secret or a customer's
 * data.
 */
export async function recordAudit(
  db: Queryable,
  accountId: string,
  userId: string | null,
  action: string,
  subject: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  const from = { address: callerAddress(), apiKey: callerKey() }
  await db.insert(audit).values({ accountId, id: newId(), userId, ...from, action, subject, detail })
}

/** The same for a change of a person, whom each of their accounts is concerned with. `by`: null for the operator. */
export async function recordPersonAudit(
  db: Queryable,
  { personId, by }: { personId: string; by: string | null },
  action: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  const joined = await db.select({ accountId: members.accountId }).from(members).where(eq(members.userId, personId))
  for (const { accountId } of joined) await recordAudit(db, accountId, by, action, personId, detail)
}
