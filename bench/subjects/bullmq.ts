import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@/e2e/fixtures/processes/hub'
import { importPackage, openPeer } from './peer'
import type { Job } from './signed-post'
import type { OpenSubject } from './subject'

// BullMQ on a Redis of its own, which writes its append-only file and syncs it each second: it may lose a second of jobs.

const queueName = 'deliver'

type Connection = { host: string; port: number; maxRetriesPerRequest: null }
type Queue = {
  add(name: string, data: Job, options: object): Promise<unknown>
  addBulk(jobs: { name: string; data: Job; opts: object }[]): Promise<unknown>
  obliterate(options: object): Promise<void>
  getJobCounts(...states: string[]): Promise<Record<string, number>>
  waitUntilReady(): Promise<unknown>
}
type Worker = { on(event: 'error', listener: (error: Error) => void): void; close(): Promise<void> }
type BullMq = {
  Queue: new (name: string, options: { connection: Connection }) => Queue
  Worker: new (name: string, handle: (job: { data: Job }) => Promise<void>, options: object) => Worker
}

const jobOptions = { removeOnComplete: true, attempts: 5 }

export const open: OpenSubject = async (setting) => {
  const { Queue, Worker }: BullMq = await importPackage('bullmq')
  const redis = await startRedis()
  const connection = { host: '127.0.0.1', port: redis.port, maxRetriesPerRequest: null }
  const queue = new Queue(queueName, { connection })
  await queue.waitUntilReady()
  return openPeer(setting, async (deliver) => {
    let worker: Worker | undefined
    return {
      settings: `Redis ${redis.version} with appendonly yes, appendfsync everysec; concurrency ${setting.inFlight}, removeOnComplete`,
      stores: [redis.pid],
      async add(jobs) {
        await queue.addBulk(jobs.map((data) => ({ name: queueName, data, opts: jobOptions })))
      },
      async addOne(job) {
        await queue.add(queueName, job, jobOptions)
      },
      async start() {
        worker = new Worker(queueName, ({ data }) => deliver(data), { connection, concurrency: setting.inFlight })
        worker.on('error', ({ message }) => console.error(`BullMQ: ${message}`))
      },
      async stop() {
        await worker?.close()
      },
      empty: () => queue.obliterate({ force: true }),
      async isEmpty() {
        const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized')
        return Object.values(counts).every((count) => count === 0)
      },
    }
  })
}

/** Debian's redis-server, or another on the PATH. It ends with this process. */
async function startRedis(): Promise<{ pid: number; port: number; version: string }> {
  const port = await freePort()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-bench-redis-'))
  const options = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', '', '--dir', folder]
  const redis = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  process.on('exit', () => {
    redis.kill('SIGKILL')
    fs.rmSync(folder, { recursive: true, force: true })
  })
  let output = ''
  redis.stdout.on('data', (chunk) => {
    output += chunk
  })
  await new Promise((started, failed) => redis.once('spawn', started as () => void).once('error', failed))
  while (!output.includes('Ready to accept connections')) {
    if (redis.exitCode !== null) throw new Error(`redis-server did not start: ${output}`)
    await sleep(20)
  }
  return { pid: redis.pid as number, port, version: /version=([\d.]+)/.exec(output)?.[1] ?? '' }
}
