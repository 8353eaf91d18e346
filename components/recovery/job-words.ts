import type { JobKind, JobState, ShownJob } from '@/lib/recovery/recovery-jobs'
import type { Tone } from '../ui/badge'

export const jobWords: Record<JobKind, string> = {
  failed: 'What failed',
  missed: 'What was never sent',
  replay: 'Replay of events',
}

export const stateLooks: Record<JobState, { tone: Tone; words: string }> = {
  running: { tone: 'info', words: 'Running' },
  paused: { tone: 'warning', words: 'Paused' },
  done: { tone: 'success', words: 'Done' },
  cancelled: { tone: 'neutral', words: 'Cancelled' },
}

/** How far a job is, in whole percent: by the number that was counted, or else by the time that it has reached. */
export function progressOf({ state, expected, queued, leftOut, reached, since, until }: ShownJob): number {
  if (state === 'done') return 100
  const share = expected ? (queued + leftOut) / expected : reached === null ? 0 : (reached - since) / (until - since)
  return Math.min(99, Math.max(0, Math.floor(share * 100)))
}
