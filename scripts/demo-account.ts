import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { createApiKey } from '@/lib/accounts/api-keys'
import { createAccount } from '@/lib/accounts/create-account'
import { database } from '@/lib/db/client'
import { accounts } from '@/lib/db/schema'
import { formats } from '@/lib/formats/formats'
import { dataFolder } from '@/lib/local-postgres/prepare-local'
import { endFirstSteps } from '@/lib/webhooks/first-steps'
import { setPreSharedKey } from '@/lib/webhooks/pre-shared-key'
import { registerWebhook } from '@/lib/webhooks/register-webhook'
import type { WebhookForm } from '@/lib/webhooks/webhook-schema'

export type DemoAccount = { email: string; password: string; apiKey: string }

/** The sample account of the running demo hub, whose environment this process has. It is made on the first start and stored in the data folder. */
export async function makeDemoAccount(receiverUrl: string): Promise<DemoAccount> {
  const remembered = path.join(dataFolder(process.env), 'demo-account.json')
  if (fs.existsSync(remembered)) return JSON.parse(fs.readFileSync(remembered, 'utf8'))
  const { db, pool } = database()
  const email = 'demo@example.net'
  const password = randomBytes(12).toString('base64url')
  const made = await createAccount(db, { name: 'Quay Lighting', identifier: 'quay-lighting', email, password })
  if (!made.ok) throw new Error(JSON.stringify(made.errors))
  const { accountId, userId } = made.value
  await db.update(accounts).set({ npsEnabled: true })
  await setPreSharedKey(db, accountId, userId, randomBytes(16).toString('hex'))
  for (const form of demoWebhooks(receiverUrl)) {
    const saved = await registerWebhook(db, { accountId, userId, form })
    if (!saved.ok) throw new Error(JSON.stringify(saved.errors))
  }
  // The demo shows a hub at work.
  await endFirstSteps(db, accountId, userId)
  const { key: apiKey } = await createApiKey(db, accountId, userId, { name: 'Demo feedback', scopes: ['ingest'] })
  const account = { email, password, apiKey }
  fs.writeFileSync(remembered, JSON.stringify(account), { mode: 0o600 })
  await pool.end()
  return account
}

export const demoWebhooks = (receiverUrl: string): WebhookForm[] => [
  {
    ...common,
    name: 'All reviews',
    url: `${receiverUrl}/reviews`,
    format: 'feefo',
    events: ['feedback.created', 'feedback.updated'],
    condition: { kind: 'any' },
  },
  {
    ...common,
    name: 'Unhappy customers',
    url: `${receiverUrl}/helpdesk`,
    format: 'standard',
    events: ['feedback.created'],
    condition: { kind: 'service', ratings: [1, 2, 3] },
  },
  {
    ...common,
    name: 'Promoters to CRM',
    url: `${receiverUrl}/crm`,
    format: 'standard',
    events: ['feedback.created'],
    condition: { kind: 'nps', scores: [9, 10] },
  },
]

const common = {
  onlyIf: [],
  encoding: 'json' as const,
  sources: { kind: 'all' as const },
  authentication: 'account-key' as const,
  basicUser: '',
  basicPassword: '',
  ownHeader: '',
  secret: formats.standard.secret?.generate(randomBytes(32)) ?? '',
  retries: 9,
  ratePerMinute: null,
  timeoutSeconds: 5,
  success: '2xx' as const,
  headers: [],
}
