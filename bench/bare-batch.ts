import pg from 'pg'
import { newId, newRandomId } from '@/lib/db/ids'
import { serve } from './child'
import { numberDigits } from './event-text'

// The limit of ingest in batches: the rows that the product writes for an event, copied from a stored one with new ids, by one
// statement for each batch. Nothing is parsed, matched, rendered, locked or looked up.

const tables = ['feedback', 'events', 'payloads', 'deliveries', 'queue', 'ingest_keys'] as const

const insert = `with ${tables
  .map((table, i) => `r${i} as (insert into ${table} select * from json_populate_recordset(null::${table}, $${i + 1}))`)
  .join(', ')} select 1`

/** The rows of one stored event, as JSON. */
const sampleText = `
  select to_json(f) as feedback, to_json(e) as events, to_json(p) as payloads, to_json(d) as deliveries,
    to_json(q) as queue, to_json(k) as ingest_keys, e.id as event_id, d.id as delivery_id, p.id as payload_id,
    f.id as feedback_id, right(e.external_id, ${numberDigits}) as number
  from events e
  join feedback f on f.account_id = e.account_id and f.id = e.feedback_id
  join ingest_keys k on k.account_id = e.account_id and k.event_id = e.id
  join deliveries d on d.account_id = e.account_id and d.event_id = e.id
  join payloads p on p.account_id = d.account_id and p.id = d.payload_id
  join queue q on q.account_id = d.account_id and q.delivery_id = d.id
  limit 1`

type Sample = Record<(typeof tables)[number], object> &
  Record<'event_id' | 'delivery_id' | 'payload_id' | 'feedback_id' | 'number', string>

let pool: pg.Pool | undefined
/** The JSON of a row of each table, split where an id or the number of the event stands. */
let templates: string[][] = []
let replaced: string[] = []
/** Beyond the numbers that the load generator uses. */
let next = 5_000_000_000

function row(parts: string[], values: Map<string, string>): string {
  let text = ''
  for (const part of parts) text += values.get(part) ?? part
  return text
}

async function insertBatch(events: number) {
  const rows: string[][] = tables.map(() => [])
  for (let i = 0; i < events; i++) {
    const fresh = [newId(), newId(), newId(), newRandomId(), String(next++).padStart(numberDigits, '0')]
    const values = new Map(replaced.map((old, at) => [old, fresh[at] as string]))
    templates.forEach((parts, table) => {
      rows[table]?.push(row(parts, values))
    })
  }
  await pool?.query({ name: 'batch', text: insert, values: rows.map((each) => `[${each.join(',')}]`) })
}

const methods = {
  /** Takes an event with a queued delivery from the database as the pattern. */
  async open(databaseUrl: string, connections: number): Promise<void> {
    pool = new pg.Pool({ connectionString: databaseUrl, max: connections })
    const { rows } = await pool.query<Sample>(sampleText)
    const sample = rows[0]
    if (!sample) throw new Error('there is no stored event to copy')
    replaced = [sample.event_id, sample.delivery_id, sample.payload_id, sample.feedback_id, sample.number]
    const places = new RegExp(`(${replaced.join('|')})`)
    templates = tables.map((table) => JSON.stringify(sample[table]).split(places))
  },
  /** Inserts batches one after the other on each connection. Returns how many, and the seconds they took. */
  async insert(connections: number, eventsPerBatch: number, seconds: number) {
    const began = performance.now()
    let batches = 0
    const work = async () => {
      while (performance.now() - began < seconds * 1000) {
        await insertBatch(eventsPerBatch)
        batches++
      }
    }
    await Promise.all(Array.from({ length: connections }, work))
    return { batches, seconds: (performance.now() - began) / 1000 }
  },
}
export type BareBatchMethods = typeof methods

serve(methods)
