import { randomInt } from 'node:crypto'
import type pg from 'pg'
import { configChannel } from '../../accounts/config-version'
import { upkeepCharts } from '../../charts/roll-up'
import { openDatabase } from '../../db/client'
import { keepHistory } from '../../db/history-upkeep'
import { measureClock } from '../../db/ids'
import { openDebounce } from '../../debounce'
import type { Env } from '../../env'
import { runErasures } from '../../erasure/run-erasures'
import type { Log } from '../../log'
import { runJobs } from '../../recovery/run-jobs'
import { type UrlSettings, urlPolicyOf } from '../../webhooks/form-context'
import { openTargets } from '../deliver/targets'
import type { LocalDrain } from '../queue/local-drain'
import { anyDueNotice, ownNotice, queueChannel } from '../queue/notify'
import { shrinkQueue } from '../queue/shrink-queue'
import { type ClaimRefusal, Drain } from './drain'
import type { DrainCounts } from './drain-options'
import { openDrainSession } from './drain-session'
import type { DueWork } from './due-work'

// Keeps a Drain awake: notices, behind them a look every second, which also leads to the steps of recovery jobs and
// erasures; the hourly upkeep of partitions, and that of charts and of the queue's size every minute.

/** Notices that come faster than this are answered by one claim. */
const wakeGapMs = 5

type DrainSettings = Pick<Env, 'DATABASE_URL' | 'HEARBACK_DELIVERY_CONCURRENCY' | 'HEARBACK_RETENTION_DAYS'> &
  UrlSettings

export type RunningDrain = {
  counts: DrainCounts
  /** Ingest of the same process passes preclaimed rows to it. */
  localDrain: LocalDrain
  /** Whether it claims rows now, or why not. */
  mayClaim(): 'yes' | ClaimRefusal
  /** Due rows were committed in this very process. */
  wake(): void
  stop(): Promise<void>
}

/**
 * Starts draining `db` (a pool opened with `pipeline: true`) until stopped. Returns at once. `sameMachine`: every drainer
 * of this database runs on this machine.
 */
export function startDrain(options: {
  db: pg.Pool
  settings: DrainSettings
  leaseMs?: number
  sameMachine?: boolean
  log: Log
}): RunningDrain {
  const { db, settings, leaseMs, sameMachine = false, log } = options
  const targets = openTargets(db, urlPolicyOf(settings))
  const concurrency = settings.HEARBACK_DELIVERY_CONCURRENCY
  const drain = new Drain({ db, targets, concurrency, drainerId: randomInt(1, 2 ** 31), leaseMs, log })
  const waking = openDebounce(() => drain.wake(), wakeGapMs)
  const wake = () => waking.within(0)
  function report(error: Error) {
    log.warn({ error: error.message }, 'the database did not answer; trying again within a second')
  }
  let stopped = false
  const tick = oneAtATime((due: DueWork) => drain.tick(due), report)
  const recovery = oneAtATime(async () => {
    if ((await runJobs(openDatabase(db), () => stopped)) > 0) wake()
  }, report)
  const erasure = oneAtATime(() => runErasures(openDatabase(db), () => stopped), report)
  const session = openDrainSession({
    url: settings.DATABASE_URL,
    claimer: drain,
    sameMachine,
    log,
    channels: {
      [queueChannel]: (notice) => {
        if (notice === anyDueNotice) drain.wakeForAll()
        else if (notice !== ownNotice) wake()
      },
      [configChannel]: (accountId) => void drain.recheck(accountId).catch(report),
    },
    onOpened: () => void drain.sessionOpened().catch(report),
    onClosed: () => drain.sessionClosed(),
    onLooked(due) {
      if (stopped) return
      tick.run(due)
      if (due.recovery) recovery.run()
      if (due.erasures) erasure.run()
    },
  })
  const clock = setInterval(() => void measureClock(db).catch(report), 60_000)
  const upkeep = setInterval(() => {
    keepHistory(db, settings.HEARBACK_RETENTION_DAYS).catch(report)
  }, 3_600_000)
  const everyMinute = setInterval(() => {
    upkeepCharts(db, settings.HEARBACK_RETENTION_DAYS).catch(report)
    shrinkQueue(db).then((shrunk) => shrunk && log.info('the queue was large once; its disk is given back'), report)
  }, 60_000)
  measureClock(db).catch(report).finally(wake)
  return {
    counts: drain.counts,
    localDrain: drain,
    mayClaim: () => drain.mayClaim(),
    wake,
    async stop() {
      waking.cancel()
      for (const timer of [clock, upkeep, everyMinute]) clearInterval(timer)
      stopped = true
      await Promise.all([recovery.ended(), erasure.ended()])
      await drain.stop()
      await session.stop()
      await targets.close()
    },
  }
}

/** Runs a task unless it is running. */
function oneAtATime<T extends unknown[]>(task: (...input: T) => Promise<unknown>, onError: (error: Error) => void) {
  let running: Promise<unknown> | undefined
  return {
    run(...input: T): void {
      running ??= task(...input)
        .catch(onError)
        .finally(() => {
          running = undefined
        })
    },
    async ended(): Promise<void> {
      await running
    },
  }
}
