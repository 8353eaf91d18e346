import type { SealPlace } from '../secrets/seal'

/** The place that the sealed address or id of an erasure is bound to. */
export const erasureValuePlace = (accountId: string, erasureId: string): SealPlace => [
  accountId,
  'erasures',
  erasureId,
  'value',
]
