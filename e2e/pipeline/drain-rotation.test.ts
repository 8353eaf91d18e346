import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterEach, expect, test } from 'vitest'
import { formats } from '@/lib/formats/formats'
import { hex } from '@/lib/formats/text-secret'
import { rotateSecret } from '@/lib/webhooks/rotate-secret'
import { aReceiver, makeLocalWebhook, makeSender, someEvent, until } from '../fixtures/processes/pipeline'
import { openTestHub } from '../fixtures/processes/test-hub'

// A secret that is rotated while calls go on: which signatures a receiver sees before, during and after the overlap.

const hub = await openTestHub()
afterEach(async () => {
  await hub.setAhead(0)
})

const hour = 3600
const whsec = () => formats.standard.secret?.generate(randomBytes(32)) as string
const digits = () => hex(randomBytes(32)).slice(0, 32)

test('a format that carries several signatures signs with both secrets until the overlap ends', async () => {
  const account = await makeSender(hub)
  const receiver = await aReceiver(200)
  const [first, second] = [whsec(), whsec()]
  const webhookId = await makeLocalWebhook(hub, account, { url: receiver.url, secret: first })
  hub.drain()
  const rotated = await rotateSecret(hub.db, {
    accountId: account.accountId,
    userId: null,
    webhookId,
    rotation: {
      entered: true,
      secret: second,
      overlapHours: 24,
    },
  })
  expect(rotated.ok).toBe(true)
  await hub.post(account.key, someEvent())
  const [during] = await receiver.waitFor(1)
  for (const secret of [first, second]) verify(secret, during as never)
  await recorded(account.accountId, 1)
  await hub.setAhead(25 * hour)
  await hub.post(account.key, someEvent())
  const [, after] = await receiver.waitFor(2)
  // The day has passed for the hub only: its timestamp is told to be now.
  expect(String(after?.headers['webhook-signature']).split(' ')).toHaveLength(1)
  await recorded(account.accountId, 2)
  const versions = await hub.rows('select secret_version from calls where account_id = $1 order by id', [
    account.accountId,
  ])
  expect(versions).toEqual([{ secret_version: 2 }, { secret_version: 2 }])
})

test('a format with one signature keeps the former secret until the switch time, and no call is signed with neither', async () => {
  const account = await makeSender(hub)
  const receiver = await aReceiver(200)
  const [first, second] = [digits(), digits()]
  const webhookId = await makeLocalWebhook(hub, account, { url: receiver.url, format: 'wootric', secret: first })
  hub.drain()
  await rotateSecret(hub.db, {
    accountId: account.accountId,
    userId: null,
    webhookId,
    rotation: { entered: true, secret: second, overlapHours: 24 },
  })
  const post = () => hub.post(account.key, someEvent({}, { nps: { score: 9 } }))
  await post()
  await receiver.waitFor(1)
  await recorded(account.accountId, 1)
  await hub.setAhead(25 * hour)
  await post()
  await receiver.waitFor(2)
  await recorded(account.accountId, 2)
  const versions = await hub.rows('select secret_version from calls where account_id = $1 order by id', [
    account.accountId,
  ])
  expect(versions).toEqual([{ secret_version: 1 }, { secret_version: 2 }])
  const signatures = receiver.requests.map(({ headers }) => headers['x-wootric-signature'])
  expect(new Set(signatures).size).toBe(2)
  for (const signature of signatures) expect(signature).toMatch(/^sha1=[0-9a-f]{40}$/)
})

/** Before the clock is set: a day takes the lease of a call that is still to be recorded, and it is made again. */
const recorded = (accountId: string, calls: number) =>
  until(async () => (await hub.count('calls where account_id = $1', [accountId])) === calls)

function verify(secret: string, { body, headers }: { body: Buffer; headers: Record<string, string> }) {
  expect(() => new Webhook(secret).verify(body.toString(), headers)).not.toThrow()
}
