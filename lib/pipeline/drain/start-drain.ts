import pg from 'pg'
import { configChannel } from '../../accounts/config-version'
import { measureClock } from '../../db/ids'
import { sessionName } from '../../db/session-name'
import { openDebounce } from '../../debounce'
import type { Env } from '../../env'
import type { Log } from '../../log'
import { readRanges } from '../deliver/address-guard'
import { openTargets } from '../deliver/targets'
import type { LocalDrain } from '../queue/local-drain'
import { ownNotice, queueChannel } from '../queue/notify'
import { Drain } from './drain'
import type { DrainCounts } from './drain-options'
import { keepHistory } from './upkeep'

// Keeps a Drain awake: NOTIFY, behind it a poll every second, and the hourly upkeep of partitions.

const tickMs = 1000
/** Notices that come faster than this are answered by one claim. */
const wakeGapMs = 5

type DrainSettings = Pick<
  Env,
  'DATABASE_URL' | 'HEARBACK_ALLOW_PRIVATE_TARGETS' | 'HEARBACK_DELIVERY_CONCURRENCY' | 'HEARBACK_RETENTION_DAYS'
>

export type RunningDrain = {
  counts: DrainCounts
  /** To this, ingest of the same process hands deliveries over. */
  localDrain: LocalDrain
  /** Due rows were committed in this very process. */
  wake(): void
  stop(): Promise<void>
}

/** Starts draining `db` (a pool opened with `pipeline: true`) until stopped. Answers at once. */
export function startDrain(options: {
  db: pg.Pool
  settings: DrainSettings
  leaseMs?: number
  log: Log
}): RunningDrain {
  const { db, settings, leaseMs, log } = options
  const targets = openTargets(db, readRanges(settings.HEARBACK_ALLOW_PRIVATE_TARGETS))
  const drain = new Drain({ db, targets, concurrency: settings.HEARBACK_DELIVERY_CONCURRENCY, leaseMs, log })
  const waking = openDebounce(() => drain.wake(), wakeGapMs)
  const wake = () => waking.within(0)
  const listener = listen(settings.DATABASE_URL, log, {
    [queueChannel]: (from) => from !== ownNotice && wake(),
    [configChannel]: (accountId) => void drain.recheck(accountId).catch(report),
  })
  function report(error: Error) {
    log.warn({ error: error.message }, 'the database did not answer; trying again within a second')
  }
  let ticking = false
  const tick = setInterval(() => {
    if (ticking) return
    ticking = true
    drain
      .tick()
      .catch(report)
      .finally(() => {
        ticking = false
      })
  }, tickMs)
  const clock = setInterval(() => void measureClock(db).catch(report), 60_000)
  const upkeep = setInterval(() => {
    keepHistory(db, settings.HEARBACK_RETENTION_DAYS).catch(report)
  }, 3_600_000)
  measureClock(db).catch(report).finally(wake)
  return {
    counts: drain.counts,
    localDrain: drain,
    wake,
    async stop() {
      waking.cancel()
      for (const timer of [tick, clock, upkeep]) clearInterval(timer)
      await Promise.all([listener.stop(), drain.stop()])
      await targets.close()
    },
  }
}

/** Listens on a connection of its own, and connects again when it drops; the poll bridges the gap. */
function listen(url: string, log: Log, channels: Record<string, (payload: string) => void>) {
  let client: pg.Client | undefined
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  async function connect() {
    const next = new pg.Client({ connectionString: url, application_name: sessionName('listen'), keepAlive: true })
    client = next
    const again = (error?: Error) => {
      if (stopped || client !== next) return
      client = undefined
      log.warn({ error: error?.message }, 'the listening connection dropped; connecting again')
      timer = setTimeout(connect, 1000)
    }
    next.on('error', again)
    next.on('end', () => again())
    next.on('notification', ({ channel, payload }) => channels[channel]?.(payload ?? ''))
    try {
      await next.connect()
      for (const channel of Object.keys(channels)) await next.query(`listen ${channel}`)
    } catch (error) {
      again(error as Error)
    }
  }
  void connect()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await client?.end().catch(() => {})
    },
  }
}
