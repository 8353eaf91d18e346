import type { CheckedKey } from '../../accounts/api-key-check'
import type { ParsedEvent } from '../../events/parse-events'

/** A parsed event, with its account and the API key it came with; without one it came with the operator's. */
export type Arrival = ParsedEvent & { accountId: string; key?: CheckedKey }

/** The result for one event: taken, known already, or refused. */
export type IngestResult =
  | { eventId: string; deliveries: number; duplicate: boolean }
  | { code: 'invalid' | 'id_conflict' | 'too_many_sources' | 'key_revoked'; message: string; path: string }
