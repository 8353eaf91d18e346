import { eq, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { accounts } from '../db/schema'

export const configChannel = 'hearback_config'

/**
 * Raises the version, in the caller's transaction, after a change that ingest or a drainer must see: a webhook, a rule, a
 * switch, the pre-shared key, an API key. Ingest compares versions; the notification makes drainers read sooner.
 */
export async function raiseConfigVersion(db: Queryable, accountId: string): Promise<void> {
  await db
    .update(accounts)
    .set({ configVersion: sql`${accounts.configVersion} + 1` })
    .where(eq(accounts.id, accountId))
  await db.execute(sql`select pg_notify(${configChannel}, ${accountId})`)
}
