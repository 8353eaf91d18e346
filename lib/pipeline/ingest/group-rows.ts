import type { EventParts } from '../../events/event-record'
import type { StoredDecisions } from '../../events/stored-decisions'
import type { FormatKey } from '../../formats/format'
import type { FeedbackState } from './feedback-versions'

// The rows that a group of events writes. Column names are PostgreSQL's: each list is one JSON parameter.

export type GroupRows = {
  events: EventRow[]
  payloads: PayloadRow[]
  deliveries: DeliveryRow[]
  /** Feedback whose stored version is out of date. */
  feedback: FeedbackState[]
  /** How many deliveries each event made, in the order of `events`. */
  deliveriesOf: number[]
}

/** SQL: the columns of idempotency keys, for json_to_recordset. */
export const keyColumns = 'account_id uuid, key text, event_id uuid, hash bytea'

export type EventRow = {
  account_id: string
  id: string
  type: string
  external_id: string | null
  source_id: string
  feedback_id: string | null
  subject_id: string
  feedback_version: number | null
  data: string
  parts: EventParts | null
  decisions: StoredDecisions
}

export type PayloadRow = { account_id: string; id: string; format: FormatKey; body: string }

export type DeliveryRow = {
  account_id: string
  id: string
  event_id: string
  webhook_id: string
  webhook_version: number
  payload_id: string
  feedback_version: number | null
  key_version: number | null
  /** Its queue row is inserted already claimed by the local drain. */
  preclaimed: boolean
  /** Its webhook is held. Absent where it is not, as for nearly all: each row is JSON. */
  held?: true
}
