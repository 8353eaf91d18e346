import { formatKeys } from '../formats/format'
import * as z from '../zod'

/** What the operator sets for an account. What is absent is not limited, or is the hub's usual. */
export const accountLimitsSchema = z.object({
  /** How many webhooks it may have. */
  webhooks: z.int().min(0).max(100_000).optional(),
  /** How many events a second each process accepts with all of its API keys together. */
  eventsPerSecond: z.int().min(1).max(1_000_000).optional(),
  /** The formats that a new webhook may have. */
  formats: z.array(z.enum(formatKeys)).min(1).optional(),
  /** The retries of a new webhook that names none. */
  retries: z.int().min(0).max(9).optional(),
})
export type AccountLimits = z.infer<typeof accountLimitsSchema>

const bytesAtMost = 4 * 1024

/** What a platform keeps with an account or a webhook: an object of at most 4 KiB as JSON. */
export const metadataSchema = z
  .record(z.string(), z.unknown())
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= bytesAtMost, 'This has more than 4 KiB as JSON.')
export type Metadata = z.infer<typeof metadataSchema>

/** An id of the platform's own for an account or a webhook: up to 100 letters, digits and . _ ~ : - */
export const externalIdSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[A-Za-z0-9._~:-]+$/, 'This has characters other than letters, digits and . _ ~ : or -.')
  .refine((id) => !/^(acc|whk)_/.test(id), 'This begins like an id of the hub.')
