import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeLocalWebhook, makeSender, someEvent, until } from '@/e2e/fixtures/processes/pipeline'
import { openTestHub } from '@/e2e/fixtures/processes/test-hub'
import { openPool } from '../../db/client'
import { newId } from '../../db/ids'
import type { CallRecord } from './call-record'
import { claim } from './claim'
import type { ClaimedRow } from './claimed-row'
import { endClaimed } from './end'
import { recordCalls } from './record'
import { release } from './release'

// The lease is the fence: a statement about a row that another drainer has claimed since does nothing, even at the very
// moment of that claim.

const hub = await openTestHub()
let db: pg.Pool
beforeAll(async () => {
  db = openPool(hub.url, { pipeline: true })
})
afterAll(async () => {
  await db.end()
})

const call = ({ account_id, delivery_id, webhook_id, lease }: ClaimedRow, delayMs?: number): CallRecord => ({
  callId: newId(),
  accountId: account_id,
  deliveryId: delivery_id,
  webhookId: webhook_id,
  webhookVersion: 1,
  lease,
  attempt: 1,
  earlierAttempts: 0,
  failing: false,
  probe: false,
  signedAt: null,
  signature: null,
  keyVersion: null,
  secretVersion: null,
  replay: false,
  result: {
    status: delayMs ? 500 : 200,
    failure: delayMs ? 'status' : null,
    detail: null,
    durationMs: 1,
    connectMs: null,
    firstByteMs: null,
    responseHeaders: [],
    responseBody: '',
    responseBytes: 0,
    retryAfterSeconds: null,
  },
  next: delayMs ? { kind: 'retry', delayMs } : { kind: 'delivered' },
})

const statements: [what: string, run: (row: ClaimedRow) => Promise<unknown>][] = [
  ['the record of a success', (row) => recordCalls(db, [call(row)])],
  ['the record of a failure', (row) => recordCalls(db, [call(row, 5000)])],
  ['its release', (row) => release(db, [{ ...row, delay_ms: 0 }])],
  ['its end', (row) => endClaimed(db, [{ ...row, kind: 'cancelled', reason: 'switched-off' }])],
]

for (const [what, run] of statements)
  for (const moment of ['after', 'during'] as const)
    test(`${what} ${moment} another drainer’s claim does nothing`, async () => {
      const account = await makeSender(hub)
      await makeLocalWebhook(hub, account, { url: 'http://127.0.0.1:1/' })
      await hub.post(account.key, [someEvent(), someEvent()])
      const rows = await claim(db, 10, { drainerId: 1, leaseMs: 0 }, [])
      const [row] = rows as [ClaimedRow]
      const state = () =>
        hub.rows(
          'select lease, abandoned_claims, attempts, run_at from queue where account_id = $1 order by delivery_id',
          [account.accountId],
        )

      const other = await db.connect()
      await other.query('begin')
      const claimed = await claim(other as unknown as pg.Pool, 10, { drainerId: 2, leaseMs: 60_000 }, [])
      expect(claimed.map(({ lease }) => lease)).toEqual([2, 2])
      let done: Promise<unknown>
      if (moment === 'after') {
        await other.query('commit')
        done = run(row)
      } else {
        done = run(row)
        await until(async () => (await hub.heldUp()) === 1)
        await other.query('commit')
      }
      other.release()
      await done
      const rowsNow = await state()
      expect(rowsNow.map(({ lease, abandoned_claims, attempts }) => [lease, abandoned_claims, attempts])).toEqual([
        [2, 2, 0],
        [2, 2, 0],
      ])
      const [due] = await hub.rows<{ n: number }>(
        `select count(*)::int as n from queue where account_id = $1 and run_at > hub_now() + interval '50 s'`,
        [account.accountId],
      )
      expect(due?.n).toBe(2)
      expect(await hub.count('calls where account_id = $1', [account.accountId])).toBe(0)
      expect(await hub.count('outcomes where account_id = $1', [account.accountId])).toBe(0)
      await hub.rows('delete from queue where account_id = $1', [account.accountId])
    })

test('a record that is written twice, because its answer was lost, counts once', async () => {
  const account = await makeSender(hub)
  await makeLocalWebhook(hub, account, { url: 'http://127.0.0.1:1/' })
  await hub.post(account.key, someEvent())
  const [row] = (await claim(db, 10, { drainerId: 1, leaseMs: 0 }, [])) as [ClaimedRow]
  const record = call(row, 5000)
  expect(await recordCalls(db, [record])).toBe(1)
  expect(await recordCalls(db, [record])).toBe(0)
  expect(
    await hub.rows('select attempts, abandoned_claims from queue where account_id = $1', [account.accountId]),
  ).toEqual([{ attempts: 1, abandoned_claims: 0 }])
  expect(await hub.count('calls where account_id = $1', [account.accountId])).toBe(1)
})
