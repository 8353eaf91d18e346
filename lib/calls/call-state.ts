// What became of a delivery, read from its queue row, its outcome or its 2xx call: never stored twice.

export type CallState =
  | { kind: 'test' }
  | { kind: 'delivered' }
  | { kind: 'waiting'; nextAt: number }
  | { kind: 'exhausted' | 'cancelled'; reason: string; at: number }
  /** Neither queued nor ended nor delivered: its day was dropped from history. */
  | { kind: 'unknown' }

const reasons: Record<string, string> = {
  'retries-used-up': 'All retries are used up.',
  'switched-off': 'The WebHook was switched off.',
  deleted: 'The WebHook was deleted.',
  expired: 'It was too old to be kept.',
  'drainer-lost': 'The process that sends it ended each time it tried, so we gave up on it.',
}

/** Why a delivery ended without a 2xx, as a sentence. */
export const reasonWords = (reason: string): string =>
  reasons[reason] ?? `${reason.charAt(0).toUpperCase()}${reason.slice(1).replaceAll('-', ' ')}.`
