import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { aReceiver, makeLocalWebhook, makeSender, someEvent, until } from '../fixtures/processes/pipeline'
import { makeSubscriber, openTestHub } from '../fixtures/processes/test-hub'

// No account and no webhook waits for another's backlog.

const hub = await openTestHub()

/** Queues `count` deliveries that are due, as a burst of events would. */
async function queueMany(accountId: string, webhookIds: string[], count: number) {
  await hub.rows(
    `with body as (insert into payloads (account_id, id, format, body)
        values ($1, gen_random_uuid_of_today(), 'standard', '{}') returning id)
      insert into queue (account_id, delivery_id, webhook_id, payload_id)
      select $1, gen_random_uuid_of_today(), ($2::uuid[])[1 + n % cardinality($2::uuid[])], body.id
      from body, generate_series(1, $3::int) n`,
    [accountId, webhookIds, count],
  )
}

beforeAll(async () => {
  await hub.rows(`create function gen_random_uuid_of_today() returns uuid language sql volatile as $$
    select (left(uuid_floor(hub_now())::text, 14) || '7' || right(gen_random_uuid()::text, 21))::uuid $$`)
})

test('in three of five rounds or more, ten events of an account arrive within a second while others hang', async () => {
  const hanging = await aReceiver({ hang: true })
  const surplus = await makeSender(hub)
  const one = await makeLocalWebhook(hub, surplus, { url: hanging.url, timeoutSeconds: 30 })
  await queueMany(surplus.accountId, [one], 100_000)
  const wide = await makeSender(hub)
  const forty: string[] = []
  for (let n = 0; n < 40; n++) forty.push(await makeLocalWebhook(hub, wide, { url: hanging.url, timeoutSeconds: 30 }))
  await queueMany(wide.accountId, forty, 4_000)

  const { account: small, receiver } = await makeSubscriber(hub, 200)
  const drain = hub.drain({ concurrency: 200 })
  await until(() => hanging.requests.length >= 150)

  const slowest: number[] = []
  for (let round = 1; round <= 5; round++) {
    await sleep(300)
    await hub.post(
      small.key,
      Array.from({ length: 10 }, () => someEvent()),
    )
    const answered = performance.now()
    drain.wake()
    const requests = await receiver.waitFor(round * 10)
    slowest.push(Math.max(...requests.slice(-10).map(({ at }) => at)) - answered)
  }
  slowest.sort((a, b) => a - b)
  expect(slowest[2], `ms of each round: ${slowest.map(Math.round).join(', ')}`).toBeLessThan(1_000)
  // The wide account used more than half of the slots while no other account had due work, and left some free.
  expect(hanging.requests.length).toBeLessThan(200)
}, 120_000)
