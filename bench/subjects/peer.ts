import { createRequire } from 'node:module'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type pg from 'pg'
import { openCallRecord } from './call-record'
import { type Job, openJobs, openPoster, type Poster } from './signed-post'
import type { Subject, SubjectSetting } from './subject'

// What all peers have in common: the same signed POST by the same function, and the same record of the call, before the job
// is completed. A peer's file says how its queue is filled, run and emptied.

export type PeerQueue = Pick<Subject, 'settings' | 'stores'> & {
  add(jobs: Job[]): Promise<void>
  addOne(job: Job): Promise<void>
  /** Starts to run `deliver` for each job. */
  start(): Promise<void>
  stop(): Promise<void>
  empty(): Promise<void>
  /** Whether no job is left. */
  isEmpty(): Promise<boolean>
}

export type Deliver = (job: Job) => Promise<void>

const jobsAtOnce = 500

/** `openQueue` gets the function that delivers a job, and a pool on the subject's database. */
export async function openPeer(
  setting: SubjectSetting,
  openQueue: (deliver: Deliver, pool: pg.Pool) => Promise<PeerQueue>,
): Promise<Subject> {
  const { record, empty, pool } = await openCallRecord(setting.databaseUrl)
  const jobsOf = openJobs(setting)
  let poster: Poster | undefined
  let wanted = 0
  let delivered = 0
  const queue = await openQueue(async (job) => {
    await record(await (poster as Poster).post(job))
    delivered++
  }, pool)
  const vacuum = async () => {
    await pool.query('vacuum analyze')
  }
  return {
    settings: queue.settings,
    stores: queue.stores,
    async prepare(n) {
      await queue.empty()
      await empty()
      wanted = n
      delivered = 0
      const jobs = Array.from({ length: n }, (_, i) => jobsOf(i, 1)).flat()
      for (let i = 0; i < n; i += jobsAtOnce) await queue.add(jobs.slice(i, i + jobsAtOnce))
      await vacuum()
      await pool.query('checkpoint')
    },
    add(event, width) {
      const jobs = jobsOf(event, width)
      return jobs.length === 1 ? queue.addOne(jobs[0] as Job) : queue.add(jobs)
    },
    vacuum,
    async start() {
      poster = openPoster(setting)
      await queue.start()
    },
    async finished() {
      while (delivered < wanted) await sleep(3)
      while (!(await queue.isEmpty())) await sleep(3)
    },
    async stop() {
      await queue.stop()
      await poster?.close()
    },
  }
}

/** Imports a package of bench/package.json, which the root's types do not know. */
export const importPackage = (name: string) =>
  import(pathToFileURL(createRequire(path.resolve('bench/package.json')).resolve(name)).href)
