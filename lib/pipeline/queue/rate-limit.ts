import type pg from 'pg'

// A webhook's rate limit, shared by all drainers: each call needs a permit, taken from the webhook's row in
// `webhook_health` by the database's clock. Permits are spaced so widely, and so few are granted at once, that calls which
// start up to a second late never exceed the limit in any 60 s, while a backlog still gets 96 % of it.

const share = 0.96
const burstShare = 0.01

const text = `
  with health as materialized (
    select account_id, webhook_id, greatest(next_at, hub_now()) as next_at,
      interval '60 s' / (${share} * per_minute) as every,
      (greatest(floor(per_minute * ${burstShare}), 1) - 1) * (interval '60 s' / (${share} * per_minute)) as slack
    from webhook_health where account_id = $1 and webhook_id = $2 and per_minute is not null for update),
  permits as (
    select *, least($3::int, greatest(0, floor(
      extract(epoch from hub_now() + slack - next_at) / extract(epoch from every))::int + 1)) as granted
    from health)
  update webhook_health h set next_at = permits.next_at + permits.granted * permits.every from permits
  where h.account_id = permits.account_id and h.webhook_id = permits.webhook_id
  returning permits.granted, extract(epoch from permits.every)::float8 * 1000 as "everyMs",
    greatest(0, extract(epoch from h.next_at - permits.slack - hub_now()))::float8 * 1000 as "waitMs"`

/** How many calls may start now, how long until the next may, and the spacing of those after it; in milliseconds. */
export type Permits = { granted: number; waitMs: number; everyMs: number }

/** Takes up to `wanted` permits of a webhook. Without a rate limit all are granted. */
export async function takePermits(db: pg.Pool, accountId: string, webhookId: string, wanted: number): Promise<Permits> {
  const { rows } = await db.query<Permits>({ name: 'take-permits', text, values: [accountId, webhookId, wanted] })
  return rows[0] ?? { granted: wanted, waitMs: 0, everyMs: 0 }
}
