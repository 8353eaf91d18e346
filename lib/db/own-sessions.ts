import type pg from 'pg'

/** The connections that ask in turn. Neither order of handing out two sessions, last or next first, gives each its own. */
const turns = [0, 1, 1, 0, 0, 1] as const

/**
 * Whether each connection has a session of PostgreSQL to itself. A pooler that lends sessions for a transaction or a
 * statement gives one connection another's: locks and LISTEN, which belong to sessions, would be lost.
 */
export async function hasOwnSessions(pool: pg.Pool): Promise<boolean> {
  const connections = await Promise.all([pool.connect(), pool.connect()])
  try {
    const seen: [Set<number>, Set<number>] = [new Set(), new Set()]
    for (const turn of turns) {
      const { rows } = await connections[turn].query<{ pid: number }>('select pg_backend_pid() as pid')
      seen[turn].add(rows[0]?.pid ?? 0)
    }
    const [first, second] = seen
    return first.size === 1 && second.size === 1 && !second.has([...first][0] ?? 0)
  } finally {
    for (const connection of connections) connection.release()
  }
}
