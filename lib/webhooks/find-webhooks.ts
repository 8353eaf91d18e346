import { and, asc, eq, gt, isNull, or, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { hubTime } from '../db/ids'
import { webhooks, webhookVersions } from '../db/schema'
import { env } from '../env'
import { isStorable } from '../plain-text'
import { nameKey } from './name-schema'
import { isInForce } from './version-in-force'

const foundAtMost = 50
const dayMs = 86_400_000

/** A webhook as a picker offers it: its present name, and whether it was deleted. */
export type WebhookChoice = { id: string; name: string; deleted: boolean }

const choice = {
  id: webhooks.id,
  name: webhookVersions.name,
  deleted: sql<boolean>`${webhooks.deletedAt} is not null`,
}

const choices = (db: Queryable) => db.select(choice).from(webhooks).innerJoin(webhookVersions, isInForce)

/**
 * The first 50 webhooks whose name contains `search`, by name. Includes deleted ones as long as their calls and events may
 * still be kept.
 */
export async function findWebhooks(db: Queryable, accountId: string, search: string): Promise<WebhookChoice[]> {
  if (!isStorable(search)) return []
  const kept = new Date(hubTime() - (env().HEARBACK_RETENTION_DAYS + 2) * dayMs)
  return choices(db)
    .where(
      and(
        eq(webhooks.accountId, accountId),
        or(isNull(webhooks.deletedAt), gt(webhooks.deletedAt, kept)),
        search.trim() === '' ? undefined : sql`strpos(${webhooks.nameKey}, ${nameKey(search)}) > 0`,
      ),
    )
    .orderBy(asc(webhooks.nameKey), asc(webhooks.number))
    .limit(foundAtMost)
}

/** One webhook, deleted or not; undefined when the account never had it. */
export async function readWebhookChoice(
  db: Queryable,
  accountId: string,
  webhookId: string,
): Promise<WebhookChoice | undefined> {
  const [row] = await choices(db).where(and(eq(webhooks.accountId, accountId), eq(webhooks.id, webhookId)))
  return row
}
