import { importPackage, openPeer } from './peer'
import type { Job } from './signed-post'
import type { OpenSubject } from './subject'

// graphile-worker with its local queue, which claims 500 jobs at a time, and with batched completion.

const task = 'deliver'
const connections = 10

type AddJobs = (jobs: { identifier: string; payload: Job }[]) => Promise<unknown>
type GraphileWorker = {
  run(options: object): Promise<{ stop(): Promise<void> }>
  makeWorkerUtils(options: object): Promise<{
    migrate(): Promise<void>
    addJob(identifier: string, payload: Job): Promise<unknown>
    addJobs: AddJobs
  }>
  Logger: new (open: () => (level: string, message: string) => void) => object
}

export const open: OpenSubject = async (setting) => {
  const { run, makeWorkerUtils, Logger }: GraphileWorker = await importPackage('graphile-worker')
  const logger = new Logger(() => (level, message) => level === 'error' && console.error(message))
  const utils = await makeWorkerUtils({ connectionString: setting.databaseUrl, logger })
  await utils.migrate()
  const worker = {
    connectionString: setting.databaseUrl,
    concurrentJobs: setting.inFlight,
    maxPoolSize: connections,
    pollInterval: 2000,
    localQueue: { size: 500 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
    logger,
  }
  return openPeer(setting, async (deliver, pool) => {
    let runner: { stop(): Promise<void> } | undefined
    return {
      settings: `concurrentJobs ${setting.inFlight}, localQueue.size 500, completeJobBatchDelay 0, failJobBatchDelay 0, maxPoolSize ${connections}`,
      stores: [],
      async add(jobs) {
        await utils.addJobs(jobs.map((payload) => ({ identifier: task, payload })))
      },
      async addOne(job) {
        await utils.addJob(task, job)
      },
      async start() {
        runner = await run({ preset: { worker }, noHandleSignals: true, taskList: { [task]: deliver } })
      },
      async stop() {
        await runner?.stop()
      },
      async empty() {
        await pool.query('truncate graphile_worker._private_jobs')
      },
      isEmpty: async () => (await pool.query('select 1 from graphile_worker._private_jobs limit 1')).rowCount === 0,
    }
  })
}
