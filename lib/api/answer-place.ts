import type { SealPlace } from '../secrets/seal'

/** The place that a kept answer of the API is bound to. */
export const idempotentAnswerPlace = (accountId: string, key: string): SealPlace => [
  accountId,
  'idempotent_answers',
  key,
]
