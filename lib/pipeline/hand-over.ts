import type { AccountConfig } from './account-config'
import type { DeliveryRow, Folded } from './fold'
import type { Claimed } from './queue'

// Deliveries that are taken in and drained by one process go from hand to hand: their queue rows are inserted as claimed by its
// drain and handed over after commit, which saves the claim: a statement that updates each row and reads it back. For
// everybody else they are claimed rows like any: fenced by their lease, and due when it ends.

/** The drain of this process, as ingest sees it. */
export type HandOver = {
  /** For how long it claims, in milliseconds. */
  leaseMs: number
  /** How many deliveries of a webhook it would take over now. */
  room(webhookId: string): number
  /** What it has no room for comes back by itself, in its time: the webhook is slow, or rests. Nobody need be told. */
  comesBack(webhookId: string): boolean
  /** Takes claimed rows over; `claimedAt`: before their transaction began, by this process's monotonic clock. */
  take(rows: Claimed[], claimedAt: number): void
}

/** Marks the deliveries of a group that the drain has room for. */
export function markHeld(deliveries: DeliveryRow[], drain: Pick<HandOver, 'room'>): void {
  const rooms = new Map<string, number>()
  for (const delivery of deliveries) {
    const room = rooms.get(delivery.webhook_id) ?? drain.room(delivery.webhook_id)
    rooms.set(delivery.webhook_id, room - 1)
    delivery.held = room > 0
  }
}

/**
 * The rows of a committed group that are its drain's, as `claim` would answer them. `restrained`: webhooks that write-group.ts
 * found held back; theirs are queued as all others are.
 */
export function heldOf(
  { deliveries, payloads }: Folded,
  configs: ReadonlyMap<string, Pick<AccountConfig, 'version'>>,
  restrained: ReadonlySet<string>,
): Claimed[] {
  const held = deliveries.filter(({ held, webhook_id }) => held && !restrained.has(webhook_id))
  if (held.length === 0) return []
  const bodies = new Map(payloads.map(({ id, body }) => [id, body]))
  return held.map((row) => ({
    account_id: row.account_id,
    delivery_id: row.id,
    webhook_id: row.webhook_id,
    feedback_version: row.feedback_version,
    key_version: row.key_version,
    lease: 1,
    lost: 1,
    attempts: 0,
    before: 0,
    body: bodies.get(row.payload_id) as string,
    live: true,
    deleted: false,
    config_version: configs.get(row.account_id)?.version as number,
    lane: null,
    failing: false,
    paused_ms: null,
    per_minute: null,
  }))
}
