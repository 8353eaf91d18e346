import type pg from 'pg'
import { erasedReason, erasedText } from '../../erasure/erased'
import type { Log } from '../../log'
import { abandonedAtMost } from '../queue/claim'
import type { ClaimedRow, Ending, LeasedRow } from '../queue/claimed-row'
import { type Deferral, defer } from '../queue/defer'
import { endClaimed } from '../queue/end'
import { holdClaimed } from '../queue/hold'
import { stillLeased } from '../queue/leased-rows'
import { release } from '../queue/release'
import type { DrainCounts } from './drain-options'

// What a drainer does with claimed rows other than calling them: it releases, defers or ends them.

const deferAtATime = 5_000

/** Why a claimed row must not be called, or undefined. */
function endingOf(row: ClaimedRow): Ending | undefined {
  if (row.deleted) return { kind: 'cancelled', reason: 'deleted' }
  if (!row.live) return { kind: 'cancelled', reason: 'switched-off' }
  if (row.body === null) return { kind: 'exhausted', reason: 'expired' }
  // It was sent again while its customer was erased.
  if (row.body === erasedText) return { kind: 'cancelled', reason: erasedReason }
  if (row.abandoned_claims > abandonedAtMost) return { kind: 'exhausted', reason: 'drainer-lost' }
  return undefined
}

export type Releases = ReturnType<typeof openReleases>

/** `counts` is kept up to date. What can't be written now is claimed again when its lease ends. */
export function openReleases(db: pg.Pool, log: Log, counts: DrainCounts) {
  const writing = new Set<Promise<unknown>>()

  async function write<T>(statement: Promise<T>): Promise<T | undefined> {
    writing.add(statement)
    try {
      return await statement
    } catch (error) {
      log.warn({ error: (error as Error).message }, 'rows keep their lease')
      return undefined
    } finally {
      writing.delete(statement)
    }
  }

  return {
    /** Makes rows due again after `delayMs`; no call was made, so nothing is counted. Infinity: their webhook is held. */
    async release(rows: ClaimedRow[], delayMs: number | ((n: number) => number)): Promise<void> {
      const delayOf = typeof delayMs === 'number' ? () => delayMs : delayMs
      const back = rows.map((row, n) => ({ ...leased(row), webhook_id: row.webhook_id, delay_ms: delayOf(n) }))
      const held = back.filter(({ delay_ms }) => delay_ms === Number.POSITIVE_INFINITY)
      const due = held.length > 0 ? back.filter((row) => !held.includes(row)) : back
      if (due.length > 0) await write(release(db, due))
      if (held.length > 0) await write(holdClaimed(db, held))
    },

    /** Defers the unclaimed rows of a webhook that come due within `when.dueInMs`, some thousands per statement. */
    async defer(webhook: { accountId: string; webhookId: string }, when: Deferral): Promise<void> {
      while ((await write(defer(db, webhook, when, deferAtATime))) === deferAtATime);
    },

    /** Ends the rows that must not be called, each with its reason, and returns the others. */
    async endUncallable(rows: ClaimedRow[]): Promise<ClaimedRow[]> {
      const callable = rows.filter((row) => !endingOf(row))
      if (callable.length === rows.length) return rows
      const ended = rows.flatMap((row) => {
        const ending = endingOf(row)
        return ending ? { ...leased(row), ...ending } : []
      })
      for (const kind of (await write(endClaimed(db, ended))) ?? []) counts[kind]++
      return callable
    },

    /** Leaves out rows that were ended since they were claimed: their webhook may be on again, and look unchanged. */
    async stillLeased<Row extends ClaimedRow>(rows: Row[]): Promise<Row[]> {
      const kept = new Set(await write(stillLeased(db, rows.map(leased))))
      return rows.filter((row) => kept.has(row.delivery_id))
    },

    /** Nothing is being written now. */
    get idle(): boolean {
      return writing.size === 0
    },
  }
}

const leased = ({ account_id, delivery_id, lease }: ClaimedRow): LeasedRow => ({ account_id, delivery_id, lease })
