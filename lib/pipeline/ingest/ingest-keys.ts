import type pg from 'pg'
import { newId } from '../../db/ids'
import type { DecisionRow } from '../../events/event-record'
import type { Arrival, IngestResult } from './arrival'

/**
 * Inserts the idempotency keys of a group, in key order, and returns an event id for each arrival. An event that is known
 * already gets its result in `results`: the same event id when its content is the same, else a conflict. A duplicate
 * within the group gets the id of the event that it repeats.
 */
export async function claimIngestKeys(
  db: pg.ClientBase,
  arrivals: Arrival[],
  results: IngestResult[],
): Promise<(string | undefined)[]> {
  const eventIds: (string | undefined)[] = arrivals.map((_, i) => (results[i] ? undefined : newId()))
  const firsts = new Map<string, number>()
  arrivals.forEach(({ accountId, event }, i) => {
    if (results[i] || event.id === undefined) return
    const mark = `${accountId} ${event.id}`
    if (!firsts.has(mark)) firsts.set(mark, i)
  })
  if (firsts.size === 0) return eventIds
  const known = await claim(db, arrivals, eventIds, firsts)
  arrivals.forEach(({ accountId, event, hash }, i) => {
    if (results[i] || event.id === undefined) return
    const mark = `${accountId} ${event.id}`
    const first = firsts.get(mark) as number
    const owner = known.get(mark)
    const same = owner ? owner.hash.equals(hash as Buffer) : (arrivals[first] as Arrival).hash?.equals(hash as Buffer)
    if (!same) {
      const message = `The event "${event.id}" was taken before with other content.`
      results[i] = { code: 'id_conflict', message, path: 'id' }
      eventIds[i] = undefined
    } else if (owner) {
      eventIds[i] = owner.eventId
      results[i] = { eventId: owner.eventId, deliveries: owner.deliveries, duplicate: true }
    } else if (i !== first) {
      eventIds[i] = eventIds[first]
      results[i] = { eventId: eventIds[first] as string, deliveries: 0, duplicate: true }
    }
  })
  return eventIds
}

type Known = { eventId: string; hash: Buffer; deliveries: number }

async function claim(
  db: pg.ClientBase,
  arrivals: Arrival[],
  eventIds: (string | undefined)[],
  firsts: Map<string, number>,
): Promise<Map<string, Known>> {
  const wanted = [...firsts].sort(([a], [b]) => (a < b ? -1 : 1))
  const keys = wanted.map(([, i]) => {
    const { accountId, event, hash } = arrivals[i] as Arrival
    return { account_id: accountId, key: event.id, event_id: eventIds[i], hash: `\\x${hash?.toString('hex')}` }
  })
  const set = 'json_to_recordset($1) as r(account_id uuid, key text, event_id uuid, hash bytea)'
  const { rowCount } = await db.query({
    name: 'claim-keys',
    text: `insert into ingest_keys (account_id, key, event_id, hash) select account_id, key, event_id, hash from ${set}
      on conflict (account_id, key) do nothing`,
    values: [JSON.stringify(keys)],
  })
  const known = new Map<string, Known>()
  if (rowCount === keys.length) return known
  const { rows } = await db.query<{
    account_id: string
    key: string
    event_id: string
    hash: Buffer
    decisions: DecisionRow
  }>({
    name: 'known-keys',
    text: `select k.account_id, k.key, k.event_id, k.hash, e.decisions from ${set}
      join ingest_keys k on k.account_id = r.account_id and k.key = r.key and k.event_id <> r.event_id
      left join events e on e.account_id = k.account_id and e.id = k.event_id`,
    values: [JSON.stringify(keys)],
  })
  for (const { account_id, key, event_id, hash, decisions } of rows) {
    const deliveries = decisions?.webhooks.filter(([, , code]) => code === 'matched').length ?? 0
    known.set(`${account_id} ${key}`, { eventId: event_id, hash, deliveries })
  }
  return known
}
