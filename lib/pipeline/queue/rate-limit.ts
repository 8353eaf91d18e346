import type pg from 'pg'

// A webhook's rate limit, shared by all drainers: each call needs a permit, taken from the webhook's row in
// `webhook_health` by the database's clock. Permits are spaced so widely, and so few are granted at once, that calls which
// start up to a second late never exceed the limit in any 60 s, while a backlog still gets 96 % of it.

const share = 0.96
const burstShare = 0.01

/** SQL, over `webhook_health h`: the spacing of permits, and how far ahead of it a burst may be. */
const every = `(interval '60 s' / (${share} * h.per_minute))`
const slack = `((greatest(floor(h.per_minute * ${burstShare}), 1) - 1) * ${every})`

/** SQL, over `webhook_health h`: when the limit permits the next call; null: there is no limit, or none was made under it. */
export const permitDueAt = `(h.next_at - ${slack})`

const text = `
  with health as materialized (
    select h.account_id, h.webhook_id, greatest(h.next_at, hub_now()) as next_at, ${every} as every, ${slack} as slack
    from webhook_health h where h.account_id = $1 and h.webhook_id = $2 and h.per_minute is not null for update),
  grants as (
    select *, least($3::int, greatest(0, floor(
      extract(epoch from hub_now() + slack - next_at) / extract(epoch from every))::int + 1)) as granted
    from health),
  permits as materialized (
    select account_id, webhook_id, granted, next_at + granted * every as next_at,
      extract(epoch from every)::float8 * 1000 as every_ms,
      greatest(0, extract(epoch from next_at + granted * every - slack - hub_now()))::float8 * 1000 as wait_ms
    from grants)
  update webhook_health h set next_at = permits.next_at from permits
  where h.account_id = permits.account_id and h.webhook_id = permits.webhook_id
  returning permits.granted, permits.every_ms as "everyMs", permits.wait_ms as "waitMs"`

/** How many calls may start now, how long until the next may, and the spacing of those after it; in milliseconds. */
export type Permits = { granted: number; waitMs: number; everyMs: number }

/** Takes up to `wanted` permits of a webhook. Without a rate limit all are granted. */
export async function takePermits(db: pg.Pool, accountId: string, webhookId: string, wanted: number): Promise<Permits> {
  const { rows } = await db.query<Permits>({ name: 'take-permits', text, values: [accountId, webhookId, wanted] })
  return rows[0] ?? { granted: wanted, waitMs: 0, everyMs: 0 }
}
