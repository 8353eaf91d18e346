import pg from 'pg'
import { connection } from '../../db/connection'
import { sessionName } from '../../db/session-name'
import type { Log } from '../../log'
import type { Claimer } from '../queue/claimed-row'
import { forgetDrainer, registerDrainer } from '../queue/drainers'
import { watchDrainers } from './dead-drainers'

// A drainer's own connection to the database: notices arrive on it, it shows the others that this drainer lives, and on it
// this drainer looks for others that died. It is opened again when it drops.

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
  /** Rows that a dead drainer had claimed are due. */
  onRowsDue: () => void
}

export function openDrainSession(options: DrainSessionOptions): DrainSession {
  const { url, claimer, sameMachine, log, channels, onOpened, onClosed, onRowsDue } = options
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
      await registerDrainer(client, claimer.drainerId)
      for (const channel of Object.keys(channels)) await client.query(`listen ${channel}`)
      if (stopped || session !== client) return
      onOpened()
      look(client, watchDrainers(client, claimer, sameMachine), drop)
    } catch (error) {
      drop(error as Error)
    }
  }

  function look(client: pg.Client, find: () => Promise<number>, drop: (error: Error) => void) {
    find().then((due) => {
      if (due > 0) {
        log.info({ rows: due }, 'a drainer died; what it had claimed is due')
        onRowsDue()
      }
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
