import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { feedback, sources } from '../db/schema'
import type { Feedback } from '../events/event-schema'

/** A feedback as it stands. `content` is null once it was deleted or its customer erased. */
export type StoredFeedback = {
  id: string
  /** The platform's id. */
  externalId: string
  version: number
  source: { id: string; name: string } | null
  content: Feedback | null
  /** Times of the platform. */
  createdAt: Date
  updatedAt: Date
  deletedAt: Date | null
}

/** One feedback by our id; undefined when the account has none of this id. */
export async function readFeedback(db: Queryable, accountId: string, id: string): Promise<StoredFeedback | undefined> {
  const [row] = await db
    .select({
      id: feedback.id,
      externalId: feedback.externalId,
      version: feedback.version,
      sourceId: sources.id,
      sourceName: sources.name,
      data: feedback.data,
      createdAt: feedback.createdAt,
      updatedAt: feedback.updatedAt,
      deletedAt: feedback.deletedAt,
    })
    .from(feedback)
    .leftJoin(sources, and(eq(sources.accountId, feedback.accountId), eq(sources.id, feedback.sourceId)))
    .where(and(eq(feedback.accountId, accountId), eq(feedback.id, id)))
  if (!row) return undefined
  const { sourceId, sourceName, data, ...rest } = row
  return {
    ...rest,
    source: sourceId && sourceName !== null ? { id: sourceId, name: sourceName } : null,
    content: data.startsWith('{') ? (JSON.parse(data) as Feedback) : null,
  }
}
