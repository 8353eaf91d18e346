import fs from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { makeAccount, testFormContext, webhookForm } from '@/e2e/fixtures/data/webhooks'
import { startTestPostgres, type TestPostgres } from '@/e2e/fixtures/postgres/postgres'
import { createApiKey } from '@/lib/accounts/api-keys'
import { openDatabase, openPool } from '@/lib/db/client'
import { migrate } from '@/lib/db/migrate'
import { setPreSharedKey } from '@/lib/webhooks/pre-shared-key'
import { registerWebhook } from '@/lib/webhooks/register-webhook'

// What every measurement uses: a private, durable PostgreSQL with ten accounts of ten webhooks each, one for each of 100
// origins. A webhook wants one NPS score, so that an event is matched against ten webhooks and goes to one.

export const accountCount = 10
const webhooksEach = 10

export type World = {
  postmaster: number
  version: string
  /** The environment of the product's processes. */
  env: Record<string, string>
  pool: pg.Pool
  apiKeys: string[]
  /** Makes an empty database for a peer. */
  createDatabase(name: string): Promise<string>
  close(): Promise<void>
}

export async function openWorld(origins: string[]): Promise<World> {
  // PostgreSQL's default settings, as a local hub has them, with fsync. Commit times are kept for the latency.
  const postgres = await startTestPostgres({ durable: true, settings: ['track_commit_timestamp=on'] })
  try {
    return await fill(postgres, origins)
  } catch (error) {
    await postgres.stop()
    throw error
  }
}

async function fill(postgres: TestPostgres, origins: string[]): Promise<World> {
  const createDatabase = async (name: string) => {
    const client = new pg.Client({ connectionString: postgres.url })
    await client.connect()
    await client.query(`create database ${name}`)
    await client.end()
    return postgres.databaseUrl(name)
  }
  const databaseUrl = await createDatabase('hearback_bench')
  const pool = openPool(databaseUrl, { max: 4 })
  await migrate(pool)
  const apiKeys: string[] = []
  for (let i = 0; i < accountCount; i++)
    apiKeys.push(await makeSender(pool, origins.slice(i * webhooksEach, (i + 1) * webhooksEach)))
  const { rows } = await pool.query<{ server_version: string }>('show server_version')
  return {
    postmaster: Number(fs.readFileSync(path.join(postgres.folder, 'pg', 'postmaster.pid'), 'utf8').split('\n')[0]),
    version: rows[0]?.server_version ?? '',
    env: {
      DATABASE_URL: databaseUrl,
      HEARBACK_ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
      LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
    },
    pool,
    apiKeys,
    createDatabase,
    async close() {
      await pool.end()
      await postgres.stop()
    },
  }
}

const formContext = {
  ...testFormContext,
  urlPolicy: { http: 'always' as const, ports: [], privateTargets: ['127.0.0.0/8'] },
}

/** Makes an account with a pre-shared key and a webhook at each origin, and returns its API key. */
async function makeSender(pool: pg.Pool, origins: string[]): Promise<string> {
  const db = openDatabase(pool)
  const { accountId, userId } = await makeAccount(db, { npsEnabled: true })
  await setPreSharedKey(db, accountId, userId, 'a-key-known-to-both-sides')
  for (const [score, origin] of origins.entries()) {
    const condition = { kind: 'nps' as const, scores: [score] }
    const headers = [{ name: 'x-environment', value: 'benchmark', kept: false }]
    const form = webhookForm({ url: `${origin}/hook`, condition, headers }, formContext)
    const saved = await registerWebhook(db, { accountId, userId, form })
    if (!saved.ok) throw new Error(JSON.stringify(saved.errors))
  }
  return (await createApiKey(db, accountId, userId, { name: 'bench', scopes: ['ingest'] })).key
}

/** Deletes all events and what they caused, and writes a checkpoint, so that no I/O of it is left for the next round. */
export async function emptyHistory(pool: pg.Pool): Promise<void> {
  await pool.query('truncate events, payloads, deliveries, calls, outcomes, queue, feedback, ingest_keys')
  await pool.query('checkpoint')
}
