import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { newId } from '../db/ids'
import type { EventRecord } from '../events/event-record'
import type { RecoveryWebhook } from './recovery-webhook'

// Late deliveries: made after their event was accepted, rendered now, with ids, payloads and the pre-shared key of now.

type Payload = { id: string; format: string; body: string }
type Delivery = {
  id: string
  event_id: string
  webhook_id: string
  webhook_version: number
  payload_id: string
  feedback_version: number | null
}

/**
 * Makes a delivery of each event to each webhook and queues it, in a transaction that has locked the webhooks and seen them
 * enabled. Returns how many it made: of `missed`, none for an event and webhook that were recovered before, by whatever job.
 */
export async function makeLateDeliveries(
  db: Queryable,
  kind: 'missed' | 'replay',
  webhooks: RecoveryWebhook[],
  records: EventRecord[],
): Promise<number> {
  const accountId = webhooks[0]?.accountId
  if (accountId === undefined || records.length === 0) return 0
  const payloads: Payload[] = []
  const deliveries = records.flatMap((record) => deliveriesOf(record, webhooks, payloads))
  const { rowCount } = await db.execute(sql`
    with made as materialized (select * from json_to_recordset(${JSON.stringify(deliveries)}) as r(id uuid, event_id uuid,
      webhook_id uuid, webhook_version int, payload_id uuid, feedback_version int)),
    late as (
      insert into late_deliveries (account_id, event_id, webhook_id, delivery_id, kind)
      select ${accountId}::uuid, event_id, webhook_id, id, ${kind} from made order by event_id, webhook_id
      on conflict do nothing returning delivery_id),
    new as materialized (select made.* from made join late on late.delivery_id = made.id),
    payload_rows as (
      insert into payloads (account_id, id, format, body)
      select ${accountId}::uuid, id, format, body
      from json_to_recordset(${JSON.stringify(payloads)}) as r(id uuid, format text, body text)
      where id in (select payload_id from new)),
    delivery_rows as (
      insert into deliveries (account_id, id, event_id, webhook_id, webhook_version, payload_id, feedback_version)
      select ${accountId}::uuid, id, event_id, webhook_id, webhook_version, payload_id, feedback_version from new)
    insert into queue (account_id, delivery_id, webhook_id, payload_id, feedback_version, key_version, replay, run_at)
    select a.id, new.id, w.id, new.payload_id, new.feedback_version, a.pre_shared_key_version, true,
      case when w.held_at is null then hub_now() else 'infinity' end
    from new join accounts a on a.id = ${accountId} join webhooks w on w.account_id = a.id and w.id = new.webhook_id`)
  return rowCount ?? 0
}

/** Adds a payload for each format and encoding of the event. */
function deliveriesOf(record: EventRecord, webhooks: RecoveryWebhook[], payloads: Payload[]): Delivery[] {
  const known = new Map<string, string>()
  return webhooks.map(({ id: webhookId, version, format, context }) => {
    const kind = `${format.key} ${context.encoding}`
    const payloadId = known.get(kind) ?? newId()
    if (!known.has(kind)) payloads.push({ id: payloadId, format: format.key, body: format.render(record, context) })
    known.set(kind, payloadId)
    return {
      id: newId(),
      event_id: record.id,
      webhook_id: webhookId,
      webhook_version: version,
      payload_id: payloadId,
      feedback_version: record.feedback?.version ?? null,
    }
  })
}
