import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../db/client'
import { floorId, hubTime, timeOfId } from '../../db/ids'
import { erasedText } from '../../erasure/erased'

// Queues ended deliveries again, because a person asked for it: the same delivery, webhook-id and body, the next attempt
// number, one fresh round of the schedule, the pre-shared key in force now, and `hearback-replay: true`.

const dayMs = 86_400_000

/** `failed`: only what ended as exhausted without a 2xx. `any`: however it ended. */
export type Again = 'failed' | 'any'

/**
 * SQL: those deliveries of the relation `wanted` (with a `delivery_id`) that can be queued again, with the number of their
 * calls: of this webhook, no test fire, not queued, and with a payload that is kept and was not erased. `from`: an id that none of them is
 * smaller than. The laterals with `offset 0` fix the plan to one index probe per row, whatever the planner estimates.
 */
export const resendable = (accountId: string, webhookId: string, wanted: SQL, from: string, again: Again): SQL => sql`
  select wanted.delivery_id, d.payload_id, d.feedback_version, made.attempts
  from ${wanted} wanted
  cross join lateral (select payload_id, feedback_version from deliveries
    where account_id = ${accountId} and id = wanted.delivery_id and webhook_id = ${webhookId} and test is null
      and ${between('id', from)} offset 0) d
  cross join lateral (select from payloads where account_id = ${accountId} and id = d.payload_id
    and body <> ${erasedText} offset 0) kept
  cross join lateral (select coalesce(max(attempt), 0) as attempts, coalesce(bool_or(failure is null), false) as delivered
    from calls where account_id = ${accountId} and delivery_id = wanted.delivery_id and ${between('id', from)} offset 0) made
  where not exists (select from queue where account_id = ${accountId} and delivery_id = wanted.delivery_id)
    ${again === 'failed' ? sql`and not made.delivered` : sql``}`

/** SQL: bounds an id to the days since `from`, so that the query plans over no more partitions than those. */
const between = (id: string, from: string): SQL =>
  sql`${sql.raw(id)} >= ${floorId(timeOfId(from) - dayMs)} and ${sql.raw(id)} < ${floorId(hubTime() + dayMs)}`

/**
 * Queues these deliveries of a webhook again, as far as they can be, and returns the ids of those that it queued. In a
 * transaction that has locked the webhook and seen it enabled: two such statements never queue one delivery twice, and a
 * later switch to off finds every row. What is queued for a held webhook waits for its release.
 *
 * The lease starts at a random number: if it started at 0, a call of the earlier round that is still in flight could be
 * recorded as one of this round.
 */
export async function queueAgain(
  db: Queryable,
  accountId: string,
  webhookId: string,
  deliveryIds: string[],
  again: Again,
): Promise<string[]> {
  const from = deliveryIds.reduce((least, id) => (id < least ? id : least), deliveryIds[0] ?? '')
  if (from === '') return []
  const { rows } = await db.execute<{ delivery_id: string }>(sql`
    with ids as materialized (select unnest(${sql.param(deliveryIds)}::uuid[]) as delivery_id),
    ready as materialized (${resendable(accountId, webhookId, sql`ids`, from, again)}),
    gone as (
      delete from outcomes o using ready
      where o.account_id = ${accountId} and o.delivery_id = ready.delivery_id and ${between('o.delivery_id', from)}
        ${again === 'failed' ? sql`and o.kind = 'exhausted'` : sql``}
      returning o.delivery_id)
    insert into queue (account_id, delivery_id, webhook_id, payload_id, feedback_version, key_version, lease, attempts,
      earlier_attempts, replay, run_at)
    select a.id, ready.delivery_id, w.id, ready.payload_id, ready.feedback_version, a.pre_shared_key_version,
      floor(random() * 1e9), ready.attempts, ready.attempts, true,
      case when w.held_at is null then hub_now() else 'infinity' end
    from ready ${again === 'failed' ? sql`join` : sql`left join`} gone using (delivery_id)
    join accounts a on a.id = ${accountId} join webhooks w on w.account_id = a.id and w.id = ${webhookId}
    on conflict do nothing
    returning delivery_id`)
  return rows.map(({ delivery_id }) => delivery_id)
}
