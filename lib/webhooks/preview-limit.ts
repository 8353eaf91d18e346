import { openTokenBuckets } from '../http/token-bucket'

/** Who edits a rule asks a few times in a row, then reads. */
const rate = { perSecond: 0.5, burst: 10 }

export type PreviewRefusal = { waitSeconds: number; detail: string }

/**
 * Runs the previews of each person one at a time, at most 10 in a row and one every 2 s in the long run, in this process
 * alone. Returns why one is refused. `clock` is in milliseconds.
 */
export function openPreviewLimit(clock?: () => number) {
  const take = openTokenBuckets(10_000, clock)
  const running = new Set<string>()
  return async <T>(userId: string, preview: () => Promise<T>): Promise<T | PreviewRefusal> => {
    if (running.has(userId)) return { waitSeconds: 1, detail: 'Your last preview is still being made.' }
    const waitSeconds = take(userId, 1, rate)
    if (waitSeconds > 0)
      return { waitSeconds, detail: `Many previews were made. The next is made in ${waitSeconds} s.` }
    running.add(userId)
    try {
      return await preview()
    } finally {
      running.delete(userId)
    }
  }
}
