import { eq, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { accounts } from '../db/schema'

export const configChannel = 'hearback_config'

/**
 * Says, in the caller's transaction, that something ingest or a drainer has to know was changed: a webhook, a rule, a
 * switch, the pre-shared key, an API key. Ingest compares the version; the notice only makes drainers look sooner.
 */
export async function raiseConfigVersion(db: Queryable, accountId: string): Promise<void> {
  await db
    .update(accounts)
    .set({ configVersion: sql`${accounts.configVersion} + 1` })
    .where(eq(accounts.id, accountId))
  await db.execute(sql`select pg_notify(${configChannel}, ${accountId})`)
}
