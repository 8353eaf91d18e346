import type { Health } from '../health/health'

// The types of claimed queue rows, shared by the queue, ingest and drain.

/** A queue row as its claim returns it. Column names stay as PostgreSQL spells them: mapping costs time on each row. */
export type ClaimedRow = {
  account_id: string
  delivery_id: string
  webhook_id: string
  feedback_version: number | null
  /** The version of the pre-shared key in force when the event was triggered. */
  key_version: number | null
  /** The fencing token of this claim. */
  lease: number
  /** Claims since the last recorded call, this one included. */
  abandoned_claims: number
  /** Recorded calls. */
  attempts: number
  /** Those recorded before this round of the retry schedule. */
  earlier_attempts: number
  /** A call past schedule, pause and probing: the probe of a probing webhook that is due, or one that a person asked for. */
  probe: boolean
  /** A person asked for the probe. It takes a permit where the webhook has a rate limit. */
  asked: boolean
  /** A person has sent the delivery again: its calls say so. */
  replay: boolean
  /** The body to send; null when the partition of its payload was dropped. */
  body: string | null
} & WebhookState

/** What a drainer must know of a webhook before it calls it. */
export type WebhookState = {
  /** Enabled and not deleted. */
  live: boolean
  deleted: boolean
  /** The account's. */
  config_version: number
} & Throttle

/** What limits a webhook's calls. A webhook without a row in `webhook_health` has no limit. */
export type Throttle = {
  /** A person holds it: nothing is called. */
  held: boolean
  health_state: Health['state'] | null
  /** It has failed since its last 2xx, or is probing. */
  failing: boolean
  /** Milliseconds until the pause it asked for (Retry-After) ends; 0 or less: it has ended. */
  paused_ms: number | null
  /** Calls a minute at most. */
  per_minute: number | null
}

/** Names a claimed row together with its fencing token. */
export type LeasedRow = Pick<ClaimedRow, 'account_id' | 'delivery_id' | 'lease'>

/** How a delivery ends without a 2xx. */
export type Ending = { kind: 'exhausted' | 'cancelled'; reason: string }

/** Who claims: the id of a drainer, and how long its claims last, in milliseconds. */
export type Claimer = { drainerId: number; leaseMs: number }
