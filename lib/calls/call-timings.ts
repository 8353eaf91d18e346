import { timeOfId } from '../db/ids'
import type { CallDetail } from './read-call'

// Where the time of a call went, from what was recorded of it. Pure.

export type TimedPart = {
  name: string
  ms: number /** From the start of the call to the start of this part. */
  fromMs: number
}

export type CallTimings = {
  /** How long it waited before it was made; undefined: a test fire is made at once. */
  waited: { ms: number; since: 'event' | 'attempt' } | undefined
  /** The parts of the call, in order. */
  parts: TimedPart[]
  totalMs: number
  /** `unknown`: the call ended before a connection was open, or dates from a version that did not record it. */
  connection: 'new' | 'kept' | 'unknown'
  address: string | null
  tlsVersion: string | null
  /** Unix milliseconds. */
  certificateEndsAt: number | null
}

/** A shorter rest is the clock's. */
const leastRestMs = 1

/** The timings of a call, with the address and TLS of its connection. */
export function callTimings({ call, attempts }: CallDetail): CallTimings {
  const { connectMs, firstByteMs, durationMs, dnsMs, tcpMs, tlsMs, address } = call
  const parts: TimedPart[] = []
  let fromMs = 0
  const add = (name: string, ms: number | null) => {
    if (ms === null) return
    parts.push({ name, ms, fromMs })
    fromMs += ms
  }
  const opening = (dnsMs ?? 0) + (tcpMs ?? 0) + (tlsMs ?? 0)
  if (call.reconnected && connectMs !== null) add('On the closed connection', Math.max(0, connectMs - opening))
  add('DNS', dnsMs)
  add('Connect', tcpMs)
  add('TLS', tlsMs)
  if (connectMs !== null) {
    fromMs = connectMs
    if (firstByteMs !== null) {
      add('First byte', firstByteMs - connectMs)
      add('Body', durationMs - firstByteMs)
    } else add('No answer', durationMs - connectMs)
  } else if (durationMs - fromMs >= leastRestMs) add('Not connected', durationMs - fromMs)
  return {
    waited: waitOf(call, attempts),
    parts,
    totalMs: durationMs,
    connection: address === null || connectMs === null ? 'unknown' : tcpMs === null ? 'kept' : 'new',
    address,
    tlsVersion: call.tlsVersion,
    certificateEndsAt: call.certificateEndsAt?.getTime() ?? null,
  }
}

function waitOf(call: CallDetail['call'], attempts: CallDetail['attempts']): CallTimings['waited'] {
  if (call.test) return undefined
  const before = attempts[attempts.findIndex(({ id }) => id === call.id) - 1]
  if (before) return { since: 'attempt', ms: Math.max(0, call.at - before.at - before.durationMs) }
  return { since: 'event', ms: Math.max(0, call.at - timeOfId(call.deliveryId)) }
}
