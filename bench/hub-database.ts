import type pg from 'pg'
import { makeAccount, testFormContext, webhookForm } from '@/e2e/fixtures/data/webhooks'
import { createApiKey } from '@/lib/accounts/api-keys'
import { openDatabase } from '@/lib/db/client'
import { migrate } from '@/lib/db/migrate'
import { setPreSharedKey } from '@/lib/webhooks/pre-shared-key'
import { registerWebhook } from '@/lib/webhooks/register-webhook'
import type { WebhookForm } from '@/lib/webhooks/webhook-schema'

// The database of a hub with ten accounts of ten webhooks each, one for each of 100 origins. A webhook wants one NPS score,
// so that an event is matched against ten webhooks and goes to one.

const accountCount = 10
const webhooksEach = 10

export type Sender = { accountId: string; userId: string; apiKey: string }

export type HubDatabase = {
  databaseUrl: string
  /** The environment of a hub's process on it. */
  env: Record<string, string>
  pool: pg.Pool
  senders: Sender[]
  apiKeys: string[]
}

export async function makeHubDatabase(databaseUrl: string, pool: pg.Pool, origins: string[]): Promise<HubDatabase> {
  await migrate(pool)
  const senders: Sender[] = []
  for (let i = 0; i < accountCount; i++) {
    const own = origins.slice(i * webhooksEach, (i + 1) * webhooksEach)
    senders.push(await makeSender(pool, own, (score) => ({ kind: 'nps', scores: [score] })))
  }
  return {
    databaseUrl,
    env: {
      DATABASE_URL: databaseUrl,
      HEARBACK_ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
      LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
    },
    pool,
    senders,
    apiKeys: senders.map(({ apiKey }) => apiKey),
  }
}

const formContext = {
  ...testFormContext,
  urlPolicy: { http: 'always' as const, ports: [], privateTargets: ['127.0.0.0/8'] },
}

/** Makes an account with a pre-shared key and a webhook at each origin. `conditionOf`: the condition of the n-th webhook. */
export async function makeSender(
  pool: pg.Pool,
  origins: string[],
  conditionOf: (n: number) => WebhookForm['condition'],
): Promise<Sender> {
  const db = openDatabase(pool)
  const { accountId, userId } = await makeAccount(db, { npsEnabled: true })
  await setPreSharedKey(db, accountId, userId, 'a-key-known-to-both-sides')
  for (const [n, origin] of origins.entries()) {
    const headers = [{ name: 'x-environment', value: 'benchmark', kept: false }]
    const form = webhookForm({ url: `${origin}/hook`, condition: conditionOf(n), headers }, formContext)
    const saved = await registerWebhook(db, { accountId, userId, form })
    if (!saved.ok) throw new Error(JSON.stringify(saved.errors))
  }
  const { key: apiKey } = await createApiKey(db, accountId, userId, { name: 'bench', scopes: ['ingest'] })
  return { accountId, userId, apiKey }
}

/** Deletes all events and what they caused, and writes a checkpoint, so that no I/O of it is left for the next round. */
export async function emptyHistory(pool: pg.Pool): Promise<void> {
  await pool.query(
    'truncate events, payloads, deliveries, calls, outcomes, queue, feedback, ingest_keys, late_deliveries, call_rollups',
  )
  await pool.query('checkpoint')
}
