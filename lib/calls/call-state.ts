import type { NextCall } from '../pipeline/queue/next-call'

// The state of a delivery. It is not stored: it follows from the delivery's queue row, its outcome and its calls.

export type CallState =
  | { kind: 'test' }
  | { kind: 'delivered' }
  | { kind: 'waiting'; next: NextCall }
  | { kind: 'exhausted' | 'cancelled'; reason: string; at: number }
  /** No trace is left: the partition of that day has been dropped. */
  | { kind: 'unknown' }

type DeliveryRows = {
  /** Its next call, where it has a queue row. */
  queued: NextCall | undefined
  /** It has a 2xx call. */
  delivered: boolean
  outcome: { kind: 'exhausted' | 'cancelled'; reason: string; at: Date } | undefined
}

/** The state of a delivery, from its rows. A queue row wins over an outcome: the delivery was sent again. */
export function stateOf({ queued, delivered, outcome }: DeliveryRows): CallState {
  if (queued) return { kind: 'waiting', next: queued }
  if (delivered) return { kind: 'delivered' }
  if (outcome) return { kind: outcome.kind, reason: outcome.reason, at: outcome.at.getTime() }
  return { kind: 'unknown' }
}

const reasons: Record<string, string> = {
  'retries-used-up': 'All retries are used up.',
  'switched-off': 'The WebHook was switched off.',
  deleted: 'The WebHook was deleted.',
  'relay-closed': 'The machine that listened to this WebHook went away.',
  'customer-erased': 'Its customer was erased.',
  'by-hand': 'Somebody cancelled it by hand.',
  expired: 'It was older than the history that this hub keeps.',
  'turned-off-gone': 'We turned the WebHook off, because its endpoint answered 410 Gone.',
  'turned-off-asked': 'We turned the WebHook off, because its endpoint asked for it (webhook-delivery: disable).',
  'receiver-asked': 'The receiver asked for it to end (webhook-delivery: abort-message).',
  'turned-off-failing': 'We turned the WebHook off, because no call had succeeded for five days.',
  'drainer-lost': 'The process that sends it stopped unexpectedly at every attempt, so we gave up.',
}

/** Why a delivery ended without a 2xx, as a sentence. */
export const reasonWords = (reason: string): string =>
  reasons[reason] ?? `${reason.charAt(0).toUpperCase()}${reason.slice(1).replaceAll('-', ' ')}.`
