import type pg from 'pg'
import { newId } from '../../db/ids'
import { readStoredDecisions, type StoredDecisions } from '../../events/stored-decisions'
import type { Arrival, IngestResult } from './arrival'
import { keyColumns } from './group-rows'

// Idempotency keys: an event's own id is unique in its account for as long as the event is kept.

export type IngestKeys = {
  /** One per arrival; undefined for arrivals that are refused. */
  eventIds: (string | undefined)[]
  /** The first arrival of each id, by account and id. */
  firsts: Map<string, number>
  /** The rows to insert, in key order: concurrent groups then wait for each other and never deadlock. */
  rows: object[]
}

/** An event that was ingested before. */
type KnownEvent = { eventId: string; hash: Buffer; deliveries: number }
export type KnownEvents = ReadonlyMap<string, KnownEvent>

const keyMark = (accountId: string, id: string) => `${accountId} ${id}`

/** Gives every arrival that has no result yet an event id, and collects the keys to insert. */
export function planKeys(arrivals: Arrival[], results: IngestResult[]): IngestKeys {
  const eventIds = arrivals.map((_, i) => (results[i] ? undefined : newId()))
  const firsts = new Map<string, number>()
  arrivals.forEach(({ accountId, event }, i) => {
    if (results[i] || event.id === undefined) return
    const mark = keyMark(accountId, event.id)
    if (!firsts.has(mark)) firsts.set(mark, i)
  })
  const rows = [...firsts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, i]) => {
      const { accountId, event, hash } = arrivals[i] as Arrival
      return { account_id: accountId, key: event.id, event_id: eventIds[i], hash: `\\x${hash?.toString('hex')}` }
    })
  return { eventIds, firsts, rows }
}

const set = `json_to_recordset($1) as r(${keyColumns})`

/** Inserts the keys and returns whether all of them are new. */
export async function insertKeys(db: pg.ClientBase, { rows }: IngestKeys): Promise<boolean> {
  if (rows.length === 0) return true
  const { rowCount } = await db.query({
    name: 'insert-keys',
    text: `insert into ingest_keys (account_id, key, event_id, hash) select account_id, key, event_id, hash from ${set}
      on conflict (account_id, key) do nothing`,
    values: [JSON.stringify(rows)],
  })
  return rowCount === rows.length
}

/** Reads the events that own those keys which `insertKeys` could not insert. */
export async function readKnownEvents(db: pg.ClientBase, { rows: keys }: IngestKeys): Promise<KnownEvents> {
  type Row = { account_id: string; key: string; event_id: string; hash: Buffer; decisions: StoredDecisions | null }
  const { rows } = await db.query<Row>({
    name: 'known-keys',
    text: `select k.account_id, k.key, k.event_id, k.hash, coalesce(e.decisions, e.earlier_decisions::json) as decisions from ${set}
      join ingest_keys k on k.account_id = r.account_id and k.key = r.key and k.event_id <> r.event_id
      left join events e on e.account_id = k.account_id and e.id = k.event_id`,
    values: [JSON.stringify(keys)],
  })
  const known = rows.map(({ account_id, key, event_id, hash, decisions }) => {
    const judged = decisions ? readStoredDecisions(decisions).webhooks : []
    const deliveries = judged.filter(([, , code]) => code === 'matched').length
    return [keyMark(account_id, key), { eventId: event_id, hash, deliveries }] as const
  })
  return new Map(known)
}

/**
 * Sets the results of events that are known already: the same event id when the content is the same, else a conflict. A
 * duplicate within the group gets the event id of the arrival that it repeats.
 */
export function resolveDuplicates(
  { eventIds, firsts }: IngestKeys,
  arrivals: Arrival[],
  known: KnownEvents,
  results: IngestResult[],
): void {
  arrivals.forEach(({ accountId, event, hash }, i) => {
    if (results[i] || event.id === undefined) return
    const mark = keyMark(accountId, event.id)
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
}
