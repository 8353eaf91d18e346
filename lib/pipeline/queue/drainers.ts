import type pg from 'pg'

// Which drainers live. Each holds a shared advisory lock on its id for as long as its session is open, and PostgreSQL
// releases that lock the moment the process dies. A lock that is gone does not prove a death: a session may be cut, and a
// restart of the database ends all of them. Who judges that is dead-drainers.ts.

/** The first key of the two-key advisory locks; any number that nothing else in this database uses. */
const lockSpace = 1_212_498_247

/** A drainer without an open session. */
export type AbsentDrainer = {
  id: number
  /** Of its process, on its own machine. */
  pid: number
  /** When its last session was opened. */
  since: string
  /** The database restarted since its session was opened: all sessions ended then, those of the living too. */
  before_restart: boolean
}

/** Shows on this session that a drainer lives. To be called again on each new session. */
export async function registerDrainer(session: Pick<pg.Client, 'query'>, id: number): Promise<void> {
  // The lock first: a row without a lock is a drainer that may be dead. Shared, because the server may not have noticed
  // yet that the former session has ended.
  await session.query('select pg_advisory_lock_shared($1, $2)', [lockSpace, id])
  await session.query(
    'insert into drainers (id, pid) values ($1, $2) on conflict (id) do update set since = excluded.since',
    [id, process.pid],
  )
}

/** To be called when a drainer has stopped and holds nothing. */
export async function forgetDrainer(session: Pick<pg.Client, 'query'>, id: number): Promise<void> {
  await session.query('delete from drainers where id = $1', [id])
}

const isAbsent = `not exists (
       select from pg_locks where locktype = 'advisory' and classid = ${lockSpace} and objid = d.id::oid
         and database = (select oid from pg_database where datname = current_database()))`

/** SQL: `findAbsentDrainers` would find one. */
export const drainersAbsent = `exists (select from drainers d where ${isAbsent})`

export async function findAbsentDrainers(session: Pick<pg.Client, 'query'>): Promise<AbsentDrainer[]> {
  const { rows } = await session.query<AbsentDrainer>(
    `select id, pid, since::text, since < pg_postmaster_start_time() as before_restart from drainers d where ${isAbsent}`,
  )
  return rows
}

/**
 * Makes due what dead drainers had claimed, ahead of what came due since, and forgets the drainers. Leases and counts of
 * abandoned claims stay as they are, so a row is still fenced, and one that keeps killing drainers is still found out.
 * Returns how many rows are due.
 */
export async function endClaimsOf(session: Pick<pg.Client, 'query'>, ids: number[]): Promise<number> {
  const { rowCount } = await session.query(
    `with dead as (delete from drainers where id = any($1) returning id)
     update queue set run_at = hub_now() - interval '1 minute' where ctid = any(array(
       select ctid from queue
       where drainer_id in (select id from dead) and abandoned_claims > 0 and run_at > hub_now() and run_at < 'infinity'
       for update skip locked))`,
    [ids],
  )
  return rowCount ?? 0
}
