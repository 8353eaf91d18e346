import { sql } from 'drizzle-orm'
import type { Queryable } from '../../db/client'

/**
 * Makes the next probe of a probing webhook due at once, because a test fire was answered 2xx. Only that probe changes its
 * health; a pause that the receiver asked for is over with such an answer.
 */
export async function makeProbeDue(db: Queryable, accountId: string, webhookId: string): Promise<void> {
  await db.execute(sql`
    update webhook_health set probe_at = hub_now(), paused_until = null
    where account_id = ${accountId} and webhook_id = ${webhookId} and state = 'probing'`)
}
