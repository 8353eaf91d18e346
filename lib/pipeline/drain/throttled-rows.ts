import type { ClaimedRow } from '../queue/claimed-row'
import { takePermits } from '../queue/rate-limit'
import type { DrainOptions } from './drain-options'
import type { Releases } from './releases'
import { isThrottled, type PausedWebhooks, pauseOf, permitLastsMs, permitsFor } from './throttling'
import type { WebhookBuffer } from './webhook-buffer'

// Which claimed rows of a webhook may be called now. The others are released until then: while the webhook is held, paused or
// probing, and while its rate limit has no permit for them.

/** `onRowsDueIn`: the next permit of a rate limit that has rows waiting is due in this many milliseconds. */
export function openThrottledRows(
  { db, random }: Required<DrainOptions>,
  releases: Releases,
  paused: PausedWebhooks,
  onRowsDueIn: (ms: number) => void,
) {
  /** Takes up to `wanted` permits, and releases the rows that got none until the next ones are due. */
  async function withPermits(buffer: WebhookBuffer, rows: ClaimedRow[], wanted: number): Promise<ClaimedRow[]> {
    if (rows.length === 0) return []
    const permits = await takePermits(db, buffer.accountId, buffer.webhookId, wanted).catch(() => null)
    const { granted, waitMs, everyMs } = permits ?? { granted: 0, waitMs: 1000, everyMs: 10 }
    const startBy = performance.now() + permitLastsMs
    const admitted = rows.splice(0, granted).map((row) => Object.assign(row, { startBy }))
    // A little before their permits: a row that comes too late leaves a permit unused, one too early is released once more.
    await releases.release(rows, (n) => waitMs + n * everyMs * (0.5 + 0.4 * random()))
    if (rows.length > 0) onRowsDueIn(waitMs)
    return admitted
  }

  /** Neither schedule, pause nor probing delays a probe. One that a person asked for needs a permit of the rate limit. */
  async function admitProbes(buffer: WebhookBuffer, probes: ClaimedRow[]): Promise<ClaimedRow[]> {
    const due = probes.filter((row) => !row.asked)
    const asked = probes.filter((row) => row.asked)
    if (asked[0]?.per_minute === null) return probes
    return [...due, ...(await withPermits(buffer, asked, asked.length))]
  }

  async function admitOthers(buffer: WebhookBuffer, rows: ClaimedRow[]): Promise<ClaimedRow[]> {
    const delayMs = rows[0] && pauseOf(rows[0])
    if (!delayMs) return withPermits(buffer, rows, permitsFor(rows.length, buffer))
    paused.add(buffer)
    await releases.release(rows, () => delayMs(random()))
    return []
  }

  return {
    /** Of claimed rows of one webhook, those that may be called now: probes, which come first, and others. */
    async admit(buffer: WebhookBuffer, rows: ClaimedRow[]): Promise<{ probes: ClaimedRow[]; others: ClaimedRow[] }> {
      const first = rows[0] as ClaimedRow
      const isProbe = ({ probe }: ClaimedRow) => probe && !first.held
      const probes = rows.some(isProbe) ? rows.filter(isProbe) : []
      const others = probes.length > 0 ? rows.filter((row) => !isProbe(row)) : rows
      return {
        probes: await admitProbes(buffer, probes),
        others: isThrottled(first) ? await admitOthers(buffer, others) : others,
      }
    },
  }
}
