import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { feedback } from '../db/schema'
import { readId } from '../type-id'

/** The platform's id of a feedback that is named by it or by our id (`fbk_…`). Undefined: the account has none of our id. */
export async function feedbackName(db: Queryable, accountId: string, named: string): Promise<string | undefined> {
  const id = readId('feedback', named)
  if (id === undefined) return named
  const [row] = await db
    .select({ externalId: feedback.externalId })
    .from(feedback)
    .where(and(eq(feedback.accountId, accountId), eq(feedback.id, id)))
  return row?.externalId
}
