import type pg from 'pg'

// The rate limit of a webhook over all drainers: a call takes its turn at the lane row, by the database's clock. Turns are
// so far apart, and so few come at once, that calls which start up to a second late still never pass the limit in any
// 60 s, while a backlog gets 96 % of it.

const share = 0.96
const burstShare = 0.01

const text = `
  with lane as materialized (
    select account_id, webhook_id, greatest(next_at, hub_now()) as next_at,
      interval '60 s' / (${share} * per_minute) as every,
      (greatest(floor(per_minute * ${burstShare}), 1) - 1) * (interval '60 s' / (${share} * per_minute)) as slack
    from webhook_lanes where account_id = $1 and webhook_id = $2 and per_minute is not null for update),
  turn as (
    select *, least($3::int, greatest(0, floor(
      extract(epoch from hub_now() + slack - next_at) / extract(epoch from every))::int + 1)) as granted
    from lane)
  update webhook_lanes l set next_at = turn.next_at + turn.granted * turn.every from turn
  where l.account_id = turn.account_id and l.webhook_id = turn.webhook_id
  returning turn.granted, extract(epoch from turn.every)::float8 * 1000 as "everyMs",
    greatest(0, extract(epoch from l.next_at - turn.slack - hub_now()))::float8 * 1000 as "waitMs"`

/** How many calls may start now, how long it is until the next one may, and how far apart those after it are. */
export type Turns = { granted: number; waitMs: number; everyMs: number }

/** Takes up to `wanted` turns of a webhook with a rate limit; without one all are granted. */
export async function takeTurns(db: pg.Pool, accountId: string, webhookId: string, wanted: number): Promise<Turns> {
  const { rows } = await db.query<Turns>({ name: 'take-turns', text, values: [accountId, webhookId, wanted] })
  return rows[0] ?? { granted: wanted, waitMs: 0, everyMs: 0 }
}
