import pg from 'pg'
import { expect, test } from 'vitest'
import { claim } from '@/lib/pipeline/queue/claim'
import { someEvent, until } from '../fixtures/processes/pipeline'
import { makeSubscriber, openTestHub } from '../fixtures/processes/test-hub'

// Most claims look only at rows that came due lately: what was deleted before stays in the index for as long as a
// transaction holds its snapshot.

const hub = await openTestHub()
const claimer = { drainerId: 1, leaseMs: 60_000 }

/** How many pages of the queue a claim of 10 rows reads. */
async function pagesOfClaim(dueForMs?: number): Promise<number> {
  const session = new pg.Pool({ connectionString: hub.url, max: 1 })
  const read = async () => {
    await session.query('select pg_stat_force_next_flush()')
    const { rows } = await session.query<{ pages: number }>(
      `select (heap_blks_read + heap_blks_hit)::int as pages from pg_statio_user_tables where relname = 'queue'`,
    )
    return rows[0]?.pages ?? 0
  }
  await session.query('set enable_seqscan = off')
  const before = await read()
  expect(await claim(session, 10, claimer, [], dueForMs)).toEqual([])
  const pages = (await read()) - before
  await session.end()
  return pages
}

test('a claim of the latest rows does not visit what was deleted while a snapshot is held', async () => {
  const one = await makeSubscriber(hub)
  await hub.post(one.account.key, someEvent())
  const reader = await hub.pool.connect()
  await reader.query('begin isolation level repeatable read; select count(*) from queue')
  await hub.rows(`
    insert into queue (account_id, delivery_id, webhook_id, payload_id, lease, abandoned_claims, attempts, earlier_attempts, run_at)
    select account_id, gen_random_uuid(), webhook_id, payload_id, 0, 0, 0, 0, hub_now() - interval '1 minute'
    from queue cross join generate_series(1, 5000)`)
  await hub.rows('delete from queue')
  const pages = { fromTheStart: await pagesOfClaim(), ofTheLatest: await pagesOfClaim(10_000) }
  await reader.query('commit')
  reader.release()
  expect(pages.fromTheStart).toBeGreaterThan(50)
  expect(pages.ofTheLatest).toBeLessThan(5)
})

test('a row that has been due for long, of which no notice told, is claimed at the next look', async () => {
  const one = await makeSubscriber(hub, 500)
  hub.drain()
  await hub.post(one.account.key, someEvent())
  await until(
    async () => (await hub.count('queue where account_id = $1 and attempts = 1', [one.account.accountId])) === 1,
  )
  await hub.rows(`update queue set run_at = hub_now() - interval '1 day'`)
  await one.receiver.waitFor(2)
  expect(one.receiver.requests).toHaveLength(2)
})
