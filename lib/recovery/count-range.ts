import type { Queryable } from '../db/client'
import { countMissed, type MissedCount } from './count-missed'
import { countFailed, failedSince, recoverableSince } from './failed-deliveries'
import type { RecoveryWebhook } from './recovery-webhook'

/** What can be recovered of a time range, before anything is. `day`: the start of a day in Unix milliseconds. */
export type RangeCount = {
  failed: { day: number; reason: string; n: number }[]
  missed: MissedCount['counts']
  /** The time of the last event that was searched for missed ones, when the count ended before the range did; else null. */
  countedTo: number | null
  /** What came before this is kept too short a time to be recovered. */
  keptSince: number
}

/** Counts by day (`offsetMs`: how far the reader's clock is ahead of UTC) and reason. */
export async function countRange(
  db: Queryable,
  webhook: RecoveryWebhook,
  { sinceMs, untilMs, offsetMs }: { sinceMs: number; untilMs: number; offsetMs: number },
): Promise<RangeCount> {
  const keptSince = recoverableSince()
  const since = Math.max(sinceMs, keptSince)
  const { accountId, id } = webhook
  const failed = await countFailed(db, accountId, id, failedSince(since, untilMs), offsetMs)
  const missed = await countMissed(db, webhook, { sinceMs: since, untilMs, offsetMs })
  return { failed, missed: missed.counts, countedTo: missed.countedTo, keptSince }
}
