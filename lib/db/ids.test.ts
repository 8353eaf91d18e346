import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { hubTime, measureClock } from './ids'

let hub: TestDatabase
beforeAll(async () => {
  hub = await createTestDatabase({ max: 2 })
})

test('an answer about the database’s clock that was long on its way does not replace one to a later question', async () => {
  const late = {
    async query(text: string) {
      const answer = await hub.pool.query(text)
      await sleep(200)
      return answer
    },
  }
  const long = measureClock(late as unknown as pg.Pool)
  await sleep(50)
  await hub.pool.query(`create or replace function hub_now() returns timestamptz language sql stable
    as 'select now() + interval ''1 hour'''`)
  await measureClock(hub.pool)
  await long
  expect(Math.abs(hubTime() - Date.now() - 3_600_000)).toBeLessThan(5_000)
})
