import { expect, test } from 'vitest'
import { makeSender, someEvent } from '@/e2e/fixtures/processes/pipeline'
import { openTestHub } from '@/e2e/fixtures/processes/test-hub'
import { openPool } from '../db/client'
import { openHealth } from './health'

const hub = await openTestHub()
const request = new Request('http://hub.test/api/health')

/** A health check with a clock of its own, whose answers are status and reason. */
function check() {
  let ms = 0
  const answer = openHealth(hub.pool, { now: () => performance.now() + ms })
  return {
    wait(seconds: number) {
      ms += seconds * 1000
    },
    async ask() {
      const response = await answer(request)
      const { reason } = (await response.json()) as { reason?: string }
      return reason === undefined ? response.status : [response.status, reason]
    },
  }
}

/** Makes every insert into events fail, as PostgreSQL does with this SQLSTATE. */
const failWith = async (code: string) => {
  await hub.rows(`create or replace function fail() returns trigger language plpgsql as $$ begin
    raise exception 'fails' using errcode = '${code}'; end $$`)
  await hub.rows('create or replace trigger fail before insert on events for each row execute function fail()')
}
const succeed = () => hub.rows('drop trigger fail on events')

test('health is ready while an event could be taken, looks at most every 5 s, and leaves nothing behind', async () => {
  const health = check()
  expect(await health.ask()).toBe(200)
  await failWith('55000')
  expect(await health.ask()).toBe(200)
  health.wait(5)
  expect(await health.ask()).toEqual([503, 'the database takes no event (SQLSTATE 55000)'])
  await succeed()
  health.wait(5)
  expect(await health.ask()).toBe(200)
  expect(await hub.count('events')).toBe(0)
})

test('health names a database that became read-only, and one that does not answer', async () => {
  const health = check()
  await failWith('25006')
  expect(await health.ask()).toEqual([503, 'the database is read-only'])
  await succeed()
  const away = openPool('postgresql://hub@127.0.0.1:1/hub')
  const response = await openHealth(away)(request)
  expect([response.status, await response.json()]).toEqual([
    503,
    { status: 'not ready', reason: 'the database does not answer' },
  ])
  await away.end()
})

test('health is not ready for 60 s after a write failed because the disk was full', async () => {
  const health = check()
  const { key } = await makeSender(hub)
  await failWith('53100')
  expect((await hub.post(key, someEvent())).status).toBe(503)
  await succeed()
  const full = [503, 'the disk of the database is full']
  expect(await health.ask()).toEqual(full)
  health.wait(59)
  expect(await health.ask()).toEqual(full)
  health.wait(1.5)
  expect(await health.ask()).toBe(200)
})
