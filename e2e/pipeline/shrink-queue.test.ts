import { expect, test } from 'vitest'
import { shrinkQueue } from '@/lib/pipeline/queue/shrink-queue'
import { someEvent } from '../fixtures/processes/pipeline'
import { makeSubscriber, openTestHub } from '../fixtures/processes/test-hub'

// A queue that was large gives its disk back when little is left in it, and waits for nobody.

const hub = await openTestHub()

const megabytes = async () =>
  ((await hub.rows<{ size: number }>(`select pg_total_relation_size('queue')::float8 as size`))[0]?.size ?? 0) / 1e6

/** A queue of `live` rows that had 100,000 more, of which vacuum has removed what it can. */
async function onceLarge(live = 1) {
  const { account } = await makeSubscriber(hub)
  await hub.post(account.key, someEvent())
  await hub.rows(
    `
    insert into queue (account_id, delivery_id, webhook_id, payload_id, lease, abandoned_claims, attempts, earlier_attempts)
    select account_id, gen_random_uuid(), webhook_id, payload_id, 0, 0, case when n > 100000 then 0 else 9 end, 0
    from queue cross join generate_series(2, 100000 + $1) n`,
    [live],
  )
  await hub.rows('delete from queue where attempts = 9')
  await hub.rows('vacuum queue')
  return await megabytes()
}

test('a queue that was large and is almost empty is rewritten, with its rows', async () => {
  expect(await onceLarge()).toBeGreaterThan(10)
  const before = await hub.rows('select * from queue order by delivery_id')
  expect(await shrinkQueue(hub.pool)).toBe(true)
  expect(await megabytes()).toBeLessThan(0.2)
  expect(await hub.rows('select * from queue order by delivery_id')).toEqual(before)
  expect(await shrinkQueue(hub.pool)).toBe(false)
})

test('a large queue of many rows is left alone', async () => {
  const size = await onceLarge(50_001)
  expect(await shrinkQueue(hub.pool)).toBe(false)
  expect(await megabytes()).toBe(size)
})

test('while somebody reads the queue it is left alone, and nobody waits', async () => {
  await onceLarge()
  const reader = await hub.pool.connect()
  await reader.query('begin; select from queue')
  try {
    expect(await shrinkQueue(hub.pool)).toBe(false)
  } finally {
    await reader.query('commit')
    reader.release()
  }
  expect(await shrinkQueue(hub.pool)).toBe(true)
})
