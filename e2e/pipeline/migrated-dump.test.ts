import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { migrate } from '@/lib/db/migrate'
import { openNotices } from '@/lib/notices/open-notices'
import { seal } from '@/lib/secrets/seal'
import { showId } from '@/lib/type-id'
import { userAgent } from '@/lib/version'
import { headerPlace } from '@/lib/webhooks/seal-places'
import { createTestDatabase } from '../fixtures/postgres/database'
import { openPipeline, type TestPipeline, until } from '../fixtures/processes/pipeline'
import { type ReceivedRequest, type Receiver, startReceiver } from '../fixtures/receivers/receiver'

// A hub of commit 1605410, dumped with rows in its queue and migrated to this version's schema
// (e2e/fixtures/postgres/dumps). What that commit would have sent is compared with what this version sends.

type Dump = {
  env: Record<string, string>
  takenAt: string
  receiver: string
  counts: Record<string, number>
  webhooks: { id: string; format: string; lane: string | null; secrets: Secret[]; signedBy: number[] }[]
  expected: Expected[]
}
type Secret = { version: number; secret: string }
type Expected = { delivery: string; webhook: string; path: string; headers: [string, string | null][]; body: string }

const dumps = path.resolve(import.meta.dirname, '../fixtures/postgres/dumps')
const unzip = (name: string) => gunzipSync(readFileSync(path.join(dumps, name))).toString()
const dump: Dump = JSON.parse(unzip('hub-1605410.json.gz'))
Object.assign(process.env, dump.env)

let receiver: Receiver
let hub: TestPipeline
const baseSeconds = () => (Date.parse(dump.takenAt) - Date.now()) / 1000

beforeAll(async () => {
  receiver = await startReceiver()
  const database = await createTestDatabase({ migrated: false })
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(unzip('hub-1605410.sql.gz').replaceAll(new URL(dump.receiver).host, `127.0.0.1:${receiver.port}`))
  await client.end()
  hub = await openPipeline(database)
  await hub.setAhead(baseSeconds())
  for (const id of Object.values(unsent)) await addOwnHeader(id)
  await migrate(database.pool)
})
afterAll(async () => {
  await receiver.close()
  await hub.close()
})

const renamed: Record<string, string> = { webhook_lanes: 'webhook_health' }

/** Webhooks whose own header is not sent: the account's key takes its place, or Basic. */
const unsent = {
  'account-key': '01a2174a-74c6-7000-8000-0318c4f4d0dd',
  basic: '01a2174a-77a1-7000-8000-01ab2d194fe0',
}

/** A custom header Authorization, as version 0.1.0 stored one. */
async function addOwnHeader(webhookId: string) {
  const [row] = await hub.rows<{ account_id: string; version: number }>(
    'select account_id, version from webhooks where id = $1',
    [webhookId],
  )
  const { account_id, version } = row as NonNullable<typeof row>
  const sealed = seal('Bearer never-sent', headerPlace(account_id, webhookId, version, 'authorization'))
  await hub.rows('update webhook_versions set headers = $3 where webhook_id = $1 and version = $2', [
    webhookId,
    version,
    JSON.stringify([{ name: 'authorization', sealed }]),
  ])
}

test('a custom Authorization becomes an own header exactly where it was sent, and its value stays where it is sealed', async () => {
  const sending = dump.expected.filter(({ headers }) => headers.some(([name]) => name === 'Authorization'))
  const webhooks = await hub.rows<{ id: string; authentication: string; headers: { name: string; sealed: string }[] }>(
    `select w.id, v.authentication, v.headers from webhooks w
      join webhook_versions v on v.webhook_id = w.id and v.version = w.version`,
  )
  const own = webhooks.filter(({ authentication }) => authentication === 'own-header')
  expect(own.map(({ id }) => id)).toEqual([...new Set(sending.map(({ webhook }) => webhook))])
  expect(own).toHaveLength(1)
  expect(unzip('hub-1605410.sql.gz')).toContain(own[0]?.headers[0]?.sealed)
  for (const [authentication, id] of Object.entries(unsent))
    expect(webhooks.find((webhook) => webhook.id === id)).toMatchObject({
      authentication,
      headers: [{ name: 'authorization' }],
    })
})

test('a notice tells of each webhook whose own header is not sent, and of no other', async () => {
  const told = await hub.rows<{ account_id: string; webhook_id: string }>(
    "select account_id, webhook_id from notices where kind = 'own-header-unused' order by webhook_id",
  )
  expect(told.map(({ webhook_id }) => webhook_id)).toEqual(Object.values(unsent).sort())
  for (const { account_id, webhook_id } of told) {
    const { listed } = await openNotices(hub.db, account_id, webhook_id)
    expect(listed.map(({ kind }) => kind)).toContain('own-header-unused')
  }
})

test('the migration keeps every row of a dumped hub', async () => {
  const now: Record<string, number> = {}
  for (const table of Object.keys(dump.counts)) now[table] = await hub.count(renamed[table] ?? table)
  const { migrations, ...rows } = dump.counts
  // Two more notices: own headers that are not sent.
  expect(now).toMatchObject({ ...rows, notices: (rows.notices as number) + 2 })
  expect(now.migrations).toBeGreaterThan(migrations as number)
  const states = await hub.rows<{ webhook_id: string; state: string }>('select webhook_id, state from webhook_health')
  const before = dump.webhooks.flatMap(({ id, lane }) => (lane ? [[id, lane === 'open' ? 'healthy' : lane]] : []))
  expect(Object.fromEntries(states.map(({ webhook_id, state }) => [webhook_id, state]))).toEqual(
    Object.fromEntries(before),
  )
})

test('every delivery that was queued arrives once, with the bytes that the older version would have sent', async () => {
  // After every retry, pause and probe is due, and before the first overlap of two secrets ends.
  await hub.setAhead(baseSeconds() + 7200)
  // Some of these webhooks time out after 1 s. On a busy machine a call may take longer.
  await hub.rows('update webhook_versions set timeout_seconds = 30')
  hub.drain()
  await until(async () => (await hub.count('queue')) === 0, 120_000)
  const received = new Map(receiver.requests.map((request) => [request.headers['webhook-id'], request]))
  expect(receiver.requests).toHaveLength(dump.expected.length)
  for (const expected of dump.expected) {
    const request = received.get(showId('delivery', expected.delivery))
    expect(request?.url, expected.delivery).toBe(expected.path)
    expect(request?.body.toString()).toBe(expected.body)
    expect(headersOf(request as ReceivedRequest, expected)).toEqual(headersWanted(expected))
    expectSigned(request as ReceivedRequest, expected)
  }
}, 180_000)

/** The header lines of a request. Null where the older version's value depends on the moment of the call. */
const headersOf = ({ rawHeaders }: ReceivedRequest, { headers }: Expected) =>
  Array.from({ length: rawHeaders.length / 2 }, (_, i) => {
    const name = rawHeaders[2 * i] as string
    return [name, headers[i]?.[1] === null ? null : rawHeaders[2 * i + 1]]
  })

const headersWanted = ({ headers }: Expected) =>
  headers.map(([name, value]) => {
    if (name === 'host') return [name, `127.0.0.1:${receiver.port}`]
    return [name, name === 'user-agent' ? userAgent : value]
  })

/** The signatures, which cover the moment of the call, computed from the unsealed secrets. */
function expectSigned({ headers, body }: ReceivedRequest, { webhook: id }: Expected) {
  const webhook = dump.webhooks.find((each) => each.id === id)
  const secrets = webhook?.signedBy.map((version) => webhook.secrets.find((each) => each.version === version)?.secret)
  if (webhook?.format === 'standard' || webhook?.format === 'reviews') {
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
    const signatures = secrets?.map((secret) => {
      const key = Buffer.from(secret?.replace('whsec_', '') ?? '', 'base64')
      return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
    })
    expect(headers['webhook-signature']).toBe(signatures?.join(' '))
  }
  if (webhook?.format === 'customer-thermometer') {
    const signed = `Date: ${headers.date}\n${body}`
    expect(headers['x-ct-hmac-sha256']).toBe(
      createHmac('sha256', secrets?.[0] ?? '')
        .update(signed)
        .digest('base64'),
    )
  }
}
