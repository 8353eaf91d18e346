import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import type { TurnOffReason } from '../pipeline/health/health'
import { countRecoverable } from '../recovery/failed-deliveries'
import { readWebhookState } from './webhook-state'

/**
 * What a person is told before they switch on a webhook that the hub turned off. `since`: the first failure since its last
 * success, in milliseconds since the epoch. `recoverable`: failed deliveries since then.
 */
export type TurnedOff = { reason: TurnOffReason; since: number; recoverable: number }

/** Undefined when the webhook is on or a person switched it off. */
export async function readTurnedOff(
  db: Queryable,
  accountId: string,
  webhookId: string,
): Promise<TurnedOff | undefined> {
  const webhook = await readWebhookState(db, accountId, webhookId)
  if (!webhook || webhook.enabled || !webhook.turnedOff) return undefined
  const { rows } = await db.execute<{ since: number }>(sql`
    select (extract(epoch from coalesce(
      (select failing_since from webhook_health where account_id = ${accountId} and webhook_id = ${webhookId}),
      (select coalesce((detail ->> 'since')::timestamptz, at) from notices
        where account_id = ${accountId} and webhook_id = ${webhookId} and kind = 'turned-off'
        order by at desc limit 1),
      hub_now())) * 1000)::float8 as since`)
  const since = Math.floor(rows[0]?.since ?? 0)
  return { reason: webhook.turnedOff, since, recoverable: await countRecoverable(db, accountId, webhookId, since) }
}
