import pg from 'pg'
import { newId, newRandomId } from '@/lib/db/ids'
import type { MadeCall } from './signed-post'

// The record of calls that every peer keeps: a table with the columns and indexes of Hearback's `calls`, without partitions.
// Calls that end close together share one insert, as in Hearback. A peer completes a job after its call is recorded.

const atOnce = 500

const createTable = `
  create table calls (
    account_id uuid not null, id uuid not null, delivery_id uuid not null, webhook_id uuid, webhook_version integer,
    attempt smallint not null, test boolean not null, status smallint, failure text, detail text, duration_ms real not null,
    connect_ms real, first_byte_ms real, signed_at integer, signature text, key_version integer, secret_version integer,
    response_headers text, response_body text, response_bytes integer, retry_after_seconds integer,
    primary key (account_id, id));
  create index on calls (account_id, delivery_id)`

const insert = `
  insert into calls (account_id, id, delivery_id, webhook_id, webhook_version, attempt, test, status, duration_ms, signed_at,
    signature, response_headers, response_body, response_bytes)
  select $1, id, delivery_id, $1, 1, 1, false, status, duration_ms, signed_at, signature, response_headers, response_body,
    response_bytes
  from json_to_recordset($2) as r(id uuid, delivery_id uuid, status smallint, duration_ms real, signed_at int,
    signature text, response_headers text, response_body text, response_bytes int)`

export type CallRecord = {
  /** Resolves when the call is committed. */
  record(call: MadeCall): Promise<void>
  empty(): Promise<void>
  pool: pg.Pool
}

export async function openCallRecord(databaseUrl: string): Promise<CallRecord> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4 })
  const accountId = newRandomId()
  await pool.query(createTable)
  let waiting: { call: MadeCall; resolve: () => void; reject: (error: Error) => void }[] = []
  let writing = false
  async function write() {
    if (writing) return
    writing = true
    while (waiting.length > 0) {
      const now = waiting.slice(0, atOnce)
      waiting = waiting.slice(atOnce)
      try {
        await pool.query({ name: 'record', text: insert, values: [accountId, JSON.stringify(now.map(rowOf))] })
        for (const { resolve } of now) resolve()
      } catch (error) {
        for (const { reject } of now) reject(error as Error)
      }
    }
    writing = false
  }
  return {
    record: (call) =>
      new Promise((resolve, reject) => {
        waiting.push({ call, resolve, reject })
        setImmediate(write)
      }),
    async empty() {
      await pool.query('truncate calls')
      await pool.query('checkpoint')
    },
    pool,
  }
}

const rowOf = ({ call }: { call: MadeCall }) => ({
  id: newId(),
  delivery_id: call.job.id,
  status: call.status,
  duration_ms: call.durationMs,
  signed_at: call.signedAt,
  signature: call.signature,
  response_headers: JSON.stringify(Object.entries(call.headers).flat()),
  response_body: call.body,
  response_bytes: call.body.length,
})
