import { eventTypes } from '../events/event-types'
import { formatKeys } from '../formats/format'
import * as z from '../zod'

// A relay is a temporary webhook whose calls another machine takes from the hub, makes, and answers for. What that machine
// sends (clients/typescript/src/listen.ts).

/** How a relay is opened. `events` absent: all that the format offers. */
export const relaySchema = z.strictObject({
  format: z.enum(formatKeys).default('standard'),
  events: z.array(z.enum(eventTypes)).min(1).optional(),
})
export type RelayForm = z.output<typeof relaySchema>

/** Half of the longest request: base64 makes four characters of three bytes. */
const bodyAtMost = 96 * 1024
const milliseconds = z.number().min(0).max(600_000)

/**
 * What became of a call: an answer, or the code of the error (`ECONNREFUSED`, or `ETIMEDOUT` where the deadline passed).
 * `headers`: name, value, name, value, …; `body` in base64, of at most 64 KiB and a byte.
 */
export const answerSchema = z.strictObject({
  call: z.string().max(4096),
  durationMs: milliseconds,
  result: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('answer'),
      status: z.number().int().min(100).max(999),
      headers: z.array(z.string().max(16_384)).max(2_002),
      body: z.base64().max(bodyAtMost),
      firstByteMs: milliseconds,
    }),
    z.object({ kind: z.literal('error'), code: z.string().regex(/^[A-Z][A-Z0-9_]{1,40}$/) }),
  ]),
})
export type RelayAnswer = z.output<typeof answerSchema>
