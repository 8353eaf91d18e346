import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { socketUrl } from './server'

// How a hub shows that it owns the local PostgreSQL: a session that holds an advisory lock and carries the hub's process
// id in its name. The kernel closes the session when the hub ends, so unlike a file it is never stale.

const LOCK = 43_272_225 // a number that nothing else locks: "hearback" on a telephone keypad
const NAME = 'hearback owner'

/** The process id of the hub that owns this server, `none`, or `silent` when the server does not answer. */
export async function ownerOf(socketDir: string): Promise<number | 'none' | 'silent'> {
  if (!socketDir) return 'silent'
  const client = connection(socketDir, 'hearback')
  try {
    await client.connect()
    const { rows } = await client.query<{ application_name: string }>(
      `select application_name from pg_locks join pg_stat_activity using (pid)
       where locktype = 'advisory' and granted and (classid::int8 << 32 | objid::int8) = $1`,
      [LOCK],
    )
    return rows[0] ? Number(rows[0].application_name.slice(NAME.length)) : 'none'
  } catch {
    // The server is starting, shutting down, crashed or gone. The caller tries again in each case.
    return 'silent'
  } finally {
    await client.end().catch(() => {})
  }
}

/** Takes the lock. Takes it again when the session ends: PostgreSQL ends all sessions when one of its processes crashes. */
export async function holdOwnership(socketDir: string): Promise<{ release(): Promise<void> }> {
  let client = await lockedSession(socketDir)
  let released = false
  const keep = async (): Promise<void> => {
    while (!released) {
      await new Promise<void>((resolve) => client.once('end', resolve))
      while (!released) {
        const again = await lockedSession(socketDir).catch(() => undefined)
        if (again) {
          client = again
          break
        }
        // The server is recovering, or it is gone and its supervisor calls release().
        await sleep(100)
      }
    }
    await client.end()
  }
  const keeping = keep()
  return {
    async release() {
      released = true
      await client.end()
      await keeping
    },
  }
}

async function lockedSession(socketDir: string): Promise<pg.Client> {
  const client = connection(socketDir, `${NAME} ${process.pid}`)
  try {
    await client.connect()
    await client.query('select pg_advisory_lock($1)', [LOCK])
    return client
  } catch (error) {
    await client.end().catch(() => {})
    throw error
  }
}

function connection(socketDir: string, name: string): pg.Client {
  const client = new pg.Client({
    connectionString: socketUrl(socketDir, 'postgres'),
    application_name: name,
    connectionTimeoutMillis: 2_000,
  })
  // The `end` event reports a lost server; without a listener, the error event would end this process.
  client.on('error', () => {})
  return client
}
