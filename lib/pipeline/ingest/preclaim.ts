import type { ClaimedRow } from '../queue/claimed-row'
import type { LocalDrain } from '../queue/local-drain'
import type { AccountConfig } from './account-config'
import type { DeliveryRow, GroupRows } from './group-rows'

// Preclaim: the queue rows of deliveries that the local drain has room for are inserted already claimed by it, and passed
// to it in memory after commit. That saves the claim, a statement that updates each row and reads it back. To every other
// drainer they are claimed rows like any other: fenced by their lease, and due when it ends.

/** Marks the deliveries of a group that the drain has room for as preclaimed. None of a held webhook is. */
export function markPreclaimed(deliveries: DeliveryRow[], drain: Pick<LocalDrain, 'room'>): void {
  const rooms = new Map<string, number>()
  for (const delivery of deliveries) {
    if (delivery.held) continue
    const room = rooms.get(delivery.webhook_id) ?? drain.room(delivery.webhook_id)
    rooms.set(delivery.webhook_id, room - 1)
    delivery.preclaimed = room > 0
  }
}

/**
 * The preclaimed rows of a committed group, as `claim` would return them. Deliveries of the webhooks in `throttled` are
 * left out: write-group.ts queued them unclaimed.
 */
export function preclaimedRows(
  { deliveries, payloads }: GroupRows,
  configs: ReadonlyMap<string, Pick<AccountConfig, 'version'>>,
  throttled: ReadonlySet<string>,
): ClaimedRow[] {
  const preclaimed = deliveries.filter((row) => row.preclaimed && !throttled.has(row.webhook_id))
  if (preclaimed.length === 0) return []
  const bodies = new Map(payloads.map(({ id, body }) => [id, body]))
  return preclaimed.map((row) => ({
    account_id: row.account_id,
    delivery_id: row.id,
    webhook_id: row.webhook_id,
    feedback_version: row.feedback_version,
    key_version: row.key_version,
    lease: 1,
    abandoned_claims: 1,
    attempts: 0,
    earlier_attempts: 0,
    probe: false,
    asked: false,
    replay: false,
    body: bodies.get(row.payload_id) as string,
    live: true,
    deleted: false,
    held: false,
    config_version: configs.get(row.account_id)?.version as number,
    health_state: null,
    failing: false,
    paused_ms: null,
    per_minute: null,
  }))
}
