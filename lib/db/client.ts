import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import pg from 'pg'
import { env } from '../env'
import { redactText } from '../log-redaction'
import { limitRepeats } from '../log-repeats'
import { connection } from './connection'
import * as schema from './schema'
import { sessionName } from './session-name'

export type Database = NodePgDatabase<typeof schema> & { $client: pg.Pool }
/** An open transaction, in which nested ones may begin. */
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0]
/** What can begin a transaction: the database, or a transaction, in which it begins a nested one. */
export type Transactional = Omit<Database, '$client'>
/** What can run a query: the database or one of its transactions. */
export type Queryable = Pick<Database, 'select' | 'insert' | 'update' | 'delete' | 'execute' | 'query'>

// bigint columns hold counters and version numbers, all far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/** A new connection plans its first query of the history in 30 ms, where one that has seen its partitions takes 5. */
const pagesIdleMs = 5 * 60_000

const ownSettings = 'set idle_in_transaction_session_timeout = 10000'

const oncePerSecond = limitRepeats()

/**
 * Opens a pool on `url`. A dropped connection is reported and replaced; it never ends the process.
 * `pipeline`: for the hot statements, whose cached plans must not depend on how full a table was when they were made.
 * `idleMs`: how long a connection that nobody uses is kept.
 */
export function openPool(url: string, { max = 10, pipeline = false, idleMs = 10_000 } = {}): pg.Pool {
  const pool = new pg.Pool({
    ...connection(url, sessionName()),
    max,
    idleTimeoutMillis: idleMs,
    // Sends statements without waiting for the answer to the one before.
    pipeline,
    connectionTimeoutMillis: 5_000,
    // Not as startup options, which PgBouncer refuses.
    onConnect: (client) => client.query(pipeline ? `${ownSettings}; set enable_seqscan = off` : ownSettings),
  })
  pool.on('error', ({ message }) =>
    oncePerSecond(message, (times) => console.error(`database connections lost: ${times}, ${redactText(message)}`)),
  )
  // The pool listens to idle clients only. A client cut inside a transaction rejects its query and emits the error, too.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

export const openDatabase = (pool: pg.Pool): Database => drizzle(pool, { schema, casing: 'snake_case' })

type Shared = { pool: pg.Pool; db: Database }

// Next bundles a second copy of this module. The pool belongs to the process, so that one stop closes it.
const place = globalThis as typeof globalThis & { hearbackDatabase?: Shared }

/** This process's pool and drizzle client, opened on first use. */
export function database(): Shared {
  if (!place.hearbackDatabase) {
    const pool = openPool(env().DATABASE_URL, { idleMs: pagesIdleMs })
    place.hearbackDatabase = { pool, db: openDatabase(pool) }
  }
  return place.hearbackDatabase
}

/** Drizzle on the shared pool, for pages, actions and routes. */
export const db = (): Database => database().db
