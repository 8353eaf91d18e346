import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { retrySchedule } from '../pipeline/queue/retry'
import { healthOfWebhook } from '../pipeline/queue/webhook-states'
import { joinVersionInForce } from './version-in-force'

// A waiting call carries the version of the pre-shared key that was in force when its event was triggered. A change of the key
// says how many calls still carry the one before, and until when.

/** Jitter makes a wait up to a fifth longer. */
const longestOf = 1.2

/** `until`: when the last of them is sent or given up at the latest, in Unix milliseconds. `open`: those that wait longer. */
export type WaitingKey = {
  calls: number
  until: number | null
  /** Calls of WebHooks that are held or are being probed: they wait until that ends. */
  open: number
}

type Group = { calls: number; done: number; retries: number; open: boolean; runAtMs: number | null }

/** Which of the waiting calls: those with the key in force, or those with a former one. */
export async function waitingWithKey(
  db: Queryable,
  accountId: string,
  which: 'present' | 'former',
): Promise<WaitingKey> {
  const same = which === 'present' ? sql`=` : sql`is distinct from`
  const { rows } = await db.execute<Group>(sql`
    select count(*)::int as calls, q.attempts - q.earlier_attempts as done, v.retries,
      w.held_at is not null or coalesce(h.state = 'probing', false) as open,
      (extract(epoch from max(greatest(q.run_at, hub_now())) filter (where isfinite(q.run_at))) * 1000)::float8
        as "runAtMs"
    from queue q
    join accounts a on a.id = q.account_id
    join webhooks w on w.account_id = q.account_id and w.id = q.webhook_id
    ${sql.raw(joinVersionInForce)} ${sql.raw(healthOfWebhook)}
    where q.account_id = ${accountId} and q.key_version is not null and v.authentication = 'account-key'
      and q.key_version ${same} a.pre_shared_key_version
    group by 2, 3, 4`)
  return sumOf(rows)
}

/** The sum of groups of waiting calls. Pure. */
export function sumOf(groups: readonly Group[]): WaitingKey {
  const ends = groups.flatMap(({ open, runAtMs, done, retries }) =>
    open || runAtMs === null ? [] : [runAtMs + waitsAfter(done, retries)],
  )
  return {
    calls: groups.reduce((sum, { calls }) => sum + calls, 0),
    open: groups.reduce((sum, { calls, open }) => sum + (open ? calls : 0), 0),
    until: ends.length > 0 ? Math.max(...ends) : null,
  }
}

/** How long the retries after the next call of a delivery can take, in milliseconds. `done`: calls made in this round. */
function waitsAfter(done: number, retries: number): number {
  let seconds = 0
  for (let attempt = done + 1; attempt <= retries; attempt++)
    seconds += retrySchedule[Math.min(attempt, retrySchedule.length) - 1] as number
  return seconds * 1000 * longestOf
}
