import pg from 'pg'
import { connection } from '../../db/connection'
import { sessionName } from '../../db/session-name'
import type { Log } from '../../log'
import type { Claimer } from '../queue/claimed-row'
import { forgetDrainer, registerDrainer } from '../queue/drainers'
import { watchDrainers } from './dead-drainers'
import { type DueWork, findDueWork } from './due-work'

// A drainer's own connection to the database: notices arrive on it, it shows the others that this drainer lives, and on it
// this drainer looks every second for work that nobody announces. It is opened again when it drops.

const reopenAfterMs = 250
const lookEveryMs = 1_000
/** A connection that is silent for longer is taken for dead. */
const silentForMs = 10_000

export type DrainSession = {
  /** Forgets this drainer, which must hold nothing any more, and closes the session. */
  stop(): Promise<void>
}

export type DrainSessionOptions = {
  url: string
  claimer: Claimer
  /** Every drainer of this database runs on this machine. */
  sameMachine: boolean
  log: Log
  /** What to do with the notices of each channel. */
  channels: Record<string, (payload: string) => void>
  onOpened: () => void
  /** It dropped, or could not be opened. */
  onClosed: () => void
  /** Called every second while it is open. */
  onLooked: (due: DueWork) => void
}

export function openDrainSession(options: DrainSessionOptions): DrainSession {
  const { url, claimer, sameMachine, log, channels, onOpened, onClosed, onLooked } = options
  let session: pg.Client | undefined
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  async function open() {
    const client = new pg.Client({
      ...connection(url, sessionName('drain')),
      keepAlive: true,
      connectionTimeoutMillis: silentForMs,
      query_timeout: silentForMs,
    })
    session = client
    function drop(error?: Error) {
      if (stopped || session !== client) return
      session = undefined
      clearTimeout(timer)
      onClosed()
      log.warn({ error: error?.message }, 'the session of the drain dropped; opening it again')
      client.end().catch(() => {})
      timer = setTimeout(open, reopenAfterMs)
    }
    client.on('error', drop)
    client.on('end', () => drop())
    client.on('notification', ({ channel, payload }) => channels[channel]?.(payload ?? ''))
    try {
      await client.connect()
      // A plan must not depend on how full a table was when it was made.
      await client.query('set enable_seqscan = off; set jit = off')
      await registerDrainer(client, claimer.drainerId)
      for (const channel of Object.keys(channels)) await client.query(`listen ${channel}`)
      if (stopped || session !== client) return
      onOpened()
      const findDead = watchDrainers(client, claimer, sameMachine)
      look(client, () => lookOnce(client, findDead), drop)
    } catch (error) {
      drop(error as Error)
    }
  }

  async function lookOnce(client: pg.Client, findDead: () => Promise<number>) {
    const due = await findDueWork(client)
    const ended = due.drainers ? await findDead() : 0
    if (ended > 0) log.info({ rows: ended }, 'a drainer died; what it had claimed is due')
    if (!stopped && session === client) onLooked({ ...due, rows: due.rows || ended > 0 })
  }

  function look(client: pg.Client, find: () => Promise<void>, drop: (error: Error) => void) {
    find().then(() => {
      if (!stopped && session === client) timer = setTimeout(look, lookEveryMs, client, find, drop)
    }, drop)
  }

  void open()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      const client = session
      session = undefined
      if (!client) return
      await forgetDrainer(client, claimer.drainerId).catch(() => {})
      await client.end().catch(() => {})
    },
  }
}
