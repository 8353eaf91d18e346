import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { webhooks, webhookVersions } from '../db/schema'
import type { FormatKey } from '../formats/format'
import { isStorable } from '../plain-text'
import { nameKey } from '../webhooks/name-schema'
import { isInForce } from '../webhooks/version-in-force'

const foundAtMost = 50

/** A webhook as the replay dialog offers it. */
export type ReplayChoice = { id: string; name: string; enabled: boolean; format: FormatKey }

/** The first 50 webhooks whose name contains `search`, by name. */
export async function replayChoices(db: Queryable, accountId: string, search: string): Promise<ReplayChoice[]> {
  if (!isStorable(search)) return []
  return db
    .select({
      id: webhooks.id,
      name: webhookVersions.name,
      enabled: webhooks.enabled,
      format: sql<FormatKey>`${webhooks.format}`,
    })
    .from(webhooks)
    .innerJoin(webhookVersions, isInForce)
    .where(
      and(
        eq(webhooks.accountId, accountId),
        isNull(webhooks.deletedAt),
        search.trim() === '' ? undefined : sql`strpos(${webhooks.nameKey}, ${nameKey(search)}) > 0`,
      ),
    )
    .orderBy(asc(webhooks.nameKey), asc(webhooks.number))
    .limit(foundAtMost)
}
