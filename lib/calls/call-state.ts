// What became of a delivery, read from its queue row, its outcome or its 2xx call: never stored twice.

export type CallState =
  | { kind: 'test' }
  | { kind: 'delivered' }
  | { kind: 'waiting'; nextAt: number }
  | { kind: 'exhausted' | 'cancelled'; reason: string; at: number }
  /** Neither queued nor ended nor delivered: its day was dropped from history. */
  | { kind: 'unknown' }

type Traces = {
  queued: { runAt: Date } | undefined
  /** It has a 2xx call. */
  delivered: boolean
  outcome: { kind: 'exhausted' | 'cancelled'; reason: string; at: Date } | undefined
}

/** What a delivery's rows say of it. What is queued again after an end is waiting. */
export function stateOf({ queued, delivered, outcome }: Traces): CallState {
  if (queued) return { kind: 'waiting', nextAt: queued.runAt.getTime() }
  if (delivered) return { kind: 'delivered' }
  if (outcome) return { kind: outcome.kind, reason: outcome.reason, at: outcome.at.getTime() }
  return { kind: 'unknown' }
}

const reasons: Record<string, string> = {
  'retries-used-up': 'All retries are used up.',
  'switched-off': 'The WebHook was switched off.',
  deleted: 'The WebHook was deleted.',
  expired: 'It was too old to be kept.',
  'turned-off-gone': 'We turned the WebHook off, because its endpoint answered 410 Gone.',
  'turned-off-failing': 'We turned the WebHook off, because no call had succeeded for five days.',
  'drainer-lost': 'The process that sends it ended each time it tried, so we gave up on it.',
}

/** Why a delivery ended without a 2xx, as a sentence. */
export const reasonWords = (reason: string): string =>
  reasons[reason] ?? `${reason.charAt(0).toUpperCase()}${reason.slice(1).replaceAll('-', ' ')}.`
