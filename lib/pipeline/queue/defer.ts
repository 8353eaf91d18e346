import type pg from 'pg'

/** Which rows of a webhook to defer, in milliseconds from now: those due within `dueInMs`, to between `fromMs` and `toMs`. */
export type Deferral = { dueInMs: number; fromMs: number; toMs: number }

/**
 * Defers unclaimed rows of a webhook, each to a random moment of the given span, and returns how many; `limit` at most.
 * Many due rows of one webhook would otherwise come first in every claim.
 */
export async function defer(
  db: pg.Pool,
  { accountId, webhookId }: { accountId: string; webhookId: string },
  { dueInMs, fromMs, toMs }: Deferral,
  limit: number,
): Promise<number> {
  const text = `
    update queue set run_at = hub_now() + ($3::float8 + random() * ($4::float8 - $3::float8)) * interval '1 ms'
    where ctid = any(array(
      select ctid from queue where account_id = $1 and webhook_id = $2 and abandoned_claims = 0
        and run_at <= hub_now() + $5::float8 * interval '1 ms'
      limit $6 for update skip locked))`
  const values = [accountId, webhookId, fromMs, toMs, dueInMs, limit]
  return (await db.query({ name: 'defer', text, values })).rowCount ?? 0
}
