import type { Queryable } from '../db/client'
import { timeOfId } from '../db/ids'
import { type EventSearch, findEvents, type MissedReason } from './find-events'
import type { RecoveryWebhook } from './recovery-webhook'

const dayMs = 86_400_000
/** A count takes no longer than about so long, and then says how far it looked. */
const withinMs = 3_000

export type MissedCount = {
  /** `day`: its start in Unix milliseconds. */
  counts: { day: number; reason: MissedReason; n: number }[]
  /** The time of the last event that was looked at, when the count ended before the range did; else null. */
  countedTo: number | null
}

/** How many events of a range a webhook missed, by day and reason. */
export async function countMissed(
  db: Queryable,
  webhook: RecoveryWebhook,
  { sinceMs, untilMs, offsetMs }: { sinceMs: number; untilMs: number; offsetMs: number },
): Promise<MissedCount> {
  const counts = new Map<string, MissedCount['counts'][number]>()
  const began = performance.now()
  const search: EventSearch = { kind: 'missed', sinceMs, untilMs, filter: {}, cursor: null }
  for (;;) {
    const { found, cursor, done } = await findEvents(db, webhook, search, Number.POSITIVE_INFINITY)
    for (const { id, reason } of found) {
      const day = Math.floor((timeOfId(id) + offsetMs) / dayMs) * dayMs - offsetMs
      const count = counts.get(`${day} ${reason}`) ?? { day, reason, n: 0 }
      count.n++
      counts.set(`${day} ${reason}`, count)
    }
    search.cursor = cursor
    const sorted = () => [...counts.values()].sort((a, b) => a.day - b.day || (a.reason < b.reason ? -1 : 1))
    if (done) return { counts: sorted(), countedTo: null }
    if (performance.now() - began > withinMs)
      return { counts: sorted(), countedTo: cursor === null ? null : timeOfId(cursor) }
  }
}
