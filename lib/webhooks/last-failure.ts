import { and, desc, eq, isNotNull, sql } from 'drizzle-orm'
import { shownDetail } from '../calls/call-queries'
import type { CallFailure } from '../calls/failure'
import type { CallAnswer } from '../calls/failure-words'
import type { Queryable } from '../db/client'
import { keptHistory } from '../db/history-range'
import { calls } from '../db/history-schema'
import { timeOfId } from '../db/ids'

/** The latest failed call of a webhook. `at`: when it started, in Unix milliseconds. */
export type LastFailure = { callId: string; at: number; answer: CallAnswer }

/** Undefined when no call that is kept failed. Test fires don't count. `wholeUrls`: the reader may see where a redirect led. */
export async function readLastFailure(
  db: Queryable,
  accountId: string,
  webhookId: string,
  wholeUrls: boolean,
): Promise<LastFailure | undefined> {
  const [call] = await db
    .select({
      id: calls.id,
      status: calls.status,
      failure: sql<CallFailure>`${calls.failure}`,
      detail: calls.detail,
    })
    .from(calls)
    .where(
      and(
        eq(calls.accountId, accountId),
        eq(calls.webhookId, webhookId),
        isNotNull(calls.failure),
        eq(calls.test, false),
        keptHistory(calls.id),
      ),
    )
    .orderBy(desc(calls.id))
    .limit(1)
  if (!call) return undefined
  const { id, status, failure, detail } = call
  return { callId: id, at: timeOfId(id), answer: { status, failure, detail: shownDetail(failure, detail, wholeUrls) } }
}
