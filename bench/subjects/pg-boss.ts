import { importPackage, openPeer } from './peer'
import type { Job } from './signed-post'
import type { OpenSubject } from './subject'

// pg-boss with four workers, each with a batch of 100. Its worker waits for its polling interval (at least 0.5 s) between
// batches, unless it is notified: it is notified with every full batch, and by every job that this process adds.

const queue = 'deliver'
const workers = 4
const batchSize = 100

type Boss = {
  on(event: 'error', listener: (error: Error) => void): void
  start(): Promise<unknown>
  createQueue(name: string, options: object): Promise<void>
  insert(jobs: { name: string; data: Job }[]): Promise<unknown>
  send(name: string, data: Job): Promise<unknown>
  work(name: string, options: object, handle: (jobs: { data: Job }[]) => Promise<void>): Promise<string>
  notifyWorker(id: string): void
  offWork(name: string): Promise<void>
}

export const open: OpenSubject = async (setting) => {
  const { default: PgBoss }: { default: new (options: object) => Boss } = await importPackage('pg-boss')
  const boss = new PgBoss({ connectionString: setting.databaseUrl, max: 10 })
  boss.on('error', ({ message }) => console.error(`pg-boss: ${message}`))
  await boss.start()
  await boss.createQueue(queue, { name: queue, policy: 'standard', retryLimit: 5 })
  return openPeer(setting, async (deliver, pool) => {
    let ids: string[] = []
    let added = 0
    const startWorker = async () => {
      const id: string = await boss.work(queue, { batchSize, pollingIntervalSeconds: 0.5 }, async (jobs) => {
        if (jobs.length === batchSize) boss.notifyWorker(id)
        await Promise.all(jobs.map(({ data }) => deliver(data)))
      })
      return id
    }
    return {
      settings: `${workers} workers with batchSize ${batchSize}, pollingIntervalSeconds 0.5, notifyWorker with each full batch and each added job, max 10 connections`,
      stores: [],
      async add(jobs) {
        await boss.insert(jobs.map((data) => ({ name: queue, data })))
      },
      async addOne(job) {
        await boss.send(queue, job)
        const id = ids[added++ % workers]
        if (id) boss.notifyWorker(id)
      },
      async start() {
        ids = await Promise.all(Array.from({ length: workers }, startWorker))
      },
      async stop() {
        ids = []
        await boss.offWork(queue)
      },
      async empty() {
        await pool.query('truncate pgboss.job')
      },
      isEmpty: async () =>
        (await pool.query(`select 1 from pgboss.job where name = $1 and state < 'completed' limit 1`, [queue]))
          .rowCount === 0,
    }
  })
}
