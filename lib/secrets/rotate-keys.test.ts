import { execFile } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeLocalWebhook, someEvent, until } from '@/e2e/fixtures/processes/pipeline'
import { makeSubscriber, openTestHub, type Subscriber } from '@/e2e/fixtures/processes/test-hub'
import { raiseConfigVersion } from '../accounts/config-version'
import { answerOnce } from '../api/idempotency'
import { startErasure } from '../erasure/erasures'
import { setPreSharedKey } from '../webhooks/pre-shared-key'
import { rotateSecret } from '../webhooks/rotate-secret'
import { checkKeys, rotateKeys } from './rotate-keys'
import { type KeyRing, readKeyRing } from './seal'
import { sealedColumns } from './sealed-columns'

// The keys of this process: the fixtures have set the first, and nothing has read it yet.
const before = process.env.HEARBACK_SECRET_KEYS as string
const next = `next:${randomBytes(32).toString('base64')}`
process.env.HEARBACK_SECRET_KEYS = `${before},${next}`
const both = [before, next]
const [oldRing, newRing] = [readKeyRing(both), readKeyRing(both.toReversed())]
const alone = (entry: string): KeyRing => readKeyRing([entry])

const hub = await openTestHub({ keepWork: true })
const signing = 'a secret that both sides know'
const header = (name: string, value: string) => ({ name, value, kept: false })
let subscriber: Subscriber
let basic: string

beforeAll(async () => {
  subscriber = await makeSubscriber(hub, 200, {
    format: 'rateup',
    secret: signing,
    headers: [header('x-shop', 'open sesame')],
  })
  const { account, receiver } = subscriber
  const { accountId, userId } = account
  await setPreSharedKey(hub.db, accountId, userId, 'a key of the account')
  basic = await makeLocalWebhook(hub, account, {
    url: receiver.url,
    name: 'Basic',
    authentication: 'basic',
    basicUser: 'shop',
    basicPassword: 'pa55-word',
  })
  await makeLocalWebhook(hub, account, {
    url: receiver.url,
    name: 'Own',
    authentication: 'own-header',
    ownHeader: 'Token x',
  })
  await rotateSecret(hub.db, {
    accountId,
    userId,
    webhookId: basic,
    rotation: { entered: false, secret: '', overlapHours: 24 },
  })
  await answerOnce(hub.db, { accountId, key: 'one', content: 1 }, async () => new Response('{"key":"hbk_1"}'))
  await startErasure(hub.db, accountId, userId, { by: 'email', value: 'x@example.net' }, { confirmed: false })
})

const sealedBy = async (ring: KeyRing) => Object.fromEntries((await checkKeys(hub.db, ring)).values)

describe('rotating the keys', () => {
  test('seals every column anew while a hub delivers, and no delivery fails', async () => {
    const { account, receiver } = subscriber
    const total = Object.values(await sealedBy(oldRing)).reduce((sum, n) => sum + n, 0)
    expect(total).toBeGreaterThanOrEqual(8)
    const { post } = await hub.drainAndPost()
    let rotating = true
    let sent = 0
    const load = async () => {
      while (rotating) {
        await post(
          account.key,
          Array.from({ length: 5 }, () => someEvent({}, { answers: [{ type: 'a', title: 'b', response: 1 }] })),
        )
        // Drainers open everything anew.
        await raiseConfigVersion(hub.db, account.accountId)
        sent += 5
        await sleep(5)
      }
    }
    const posting = load()
    for (let round = 0; round < 4; round++) {
      await until(() => receiver.requests.length > round * 30)
      for (const ring of [newRing, oldRing]) {
        expect(await rotateKeys(hub.db, ring)).toEqual({ resealed: total, unreadable: [] })
        expect(await sealedBy(ring)).toEqual({ [ring.active]: total })
      }
    }
    expect(await rotateKeys(hub.db, newRing)).toMatchObject({ resealed: total })
    rotating = false
    await posting
    await until(() => receiver.requests.length === sent * 3)
    await until(async () => (await hub.count('queue')) === 0)
    expect(await hub.count('calls where failure is not null')).toBe(0)
    const sentWith = receiver.requests.map(({ headers, body }) => ({
      authorization: headers.authorization,
      shop: headers['x-shop'],
      signed:
        headers['x-rateup-signature'] === undefined ||
        headers['x-rateup-signature'] === createHmac('sha256', signing).update(body).digest('base64'),
    }))
    expect(new Set(sentWith.map((each) => JSON.stringify(each)))).toEqual(
      new Set(
        [
          { authorization: 'hmac a key of the account', shop: 'open sesame', signed: true },
          { authorization: `Basic ${Buffer.from('shop:pa55-word').toString('base64')}`, signed: true },
          { authorization: 'Token x', signed: true },
        ].map((each) => JSON.stringify(each)),
      ),
    )
    // The old key can go.
    expect((await checkKeys(hub.db, alone(next))).unreadable).toEqual([])
  })

  test('a check names the rows that no key opens; rotating leaves them, and seals the others', async () => {
    const { unreadable } = await checkKeys(hub.db, alone(before))
    expect(new Set(unreadable.map(({ table }) => table))).toEqual(new Set(sealedColumns.map(({ table }) => table)))
    expect(unreadable[0]?.why).toBe('HEARBACK_SECRET_KEYS has no key "next"')
    await hub.rows(
      `update webhook_secrets set sealed = (select sealed from pre_shared_keys limit 1) where webhook_id = $1 and version = 1`,
      [basic],
    )
    const damaged = {
      table: 'webhook_secrets',
      key: { account_id: subscriber.account.accountId, webhook_id: basic, version: 1 },
      why: 'it was changed or moved after it was sealed',
    }
    expect((await checkKeys(hub.db, newRing)).unreadable).toEqual([damaged])
    const { resealed, unreadable: left } = await rotateKeys(hub.db, oldRing)
    expect(left).toEqual([damaged])
    expect(await sealedBy(oldRing)).toEqual({ [oldRing.active]: resealed, next: 1 })
  })

  test('the command does both, and exits with 1 while a row does not open', async () => {
    const run = (verb: string) =>
      new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
        const env = { ...process.env, DATABASE_URL: hub.url, HEARBACK_SECRET_KEYS: `${next},${before}` }
        execFile(process.execPath, ['--import', 'tsx', 'scripts/secrets.ts', verb], { env }, (error, stdout, stderr) =>
          resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
        )
      })
    const [rotated, refused] = await Promise.all([run('rotate'), run('lose')])
    const checked = await run('check')
    expect(rotated.stdout).toMatch(/^\d+ secrets were sealed anew with the key "next"\.\n$/)
    expect(rotated.code).toBe(0)
    expect(checked.stdout).toContain(`Nothing is sealed with "${oldRing.active}" any more.`)
    expect(checked.stderr).toContain(`webhook_id ${basic}, version 1: does not open: it was changed or moved`)
    expect(checked).toMatchObject({ code: 1 })
    expect(refused).toMatchObject({ code: 2, stderr: 'Say what to do: npm run secrets -- rotate | check\n' })
  }, 60_000)

  test('covers every column of the schema that holds sealed values', async () => {
    const columns = await hub.rows<{ name: string }>(`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = current_schema() and (column_name like '%sealed%' or column_name = 'headers') order by 1`)
    expect(columns.map(({ name }) => name)).toEqual(
      sealedColumns.map(({ table, column }) => `${table}.${column}`).sort(),
    )
  })
})
