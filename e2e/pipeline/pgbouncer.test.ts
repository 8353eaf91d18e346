import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkDatabase } from '@/lib/db/check-database'
import { openDatabase, openPool } from '@/lib/db/client'
import { createTestDatabase } from '../fixtures/postgres/database'
import type { TestDatabase } from '../fixtures/postgres/open-databases'
import { type PgBouncer, startPgbouncer, withoutPgbouncer } from '../fixtures/postgres/pgbouncer'
import { aReceiver, makeLocalWebhook, makeSender, openPipeline, someEvent, until } from '../fixtures/processes/pipeline'

// A hub whose database is behind a real PgBouncer, in each of its pool modes.

let database: TestDatabase
let bouncer: PgBouncer

describe.skipIf(withoutPgbouncer('a hub behind PgBouncer'))('behind PgBouncer', () => {
  beforeAll(async () => {
    database = await createTestDatabase()
    bouncer = await startPgbouncer(database.url)
  })
  afterAll(async () => {
    await bouncer?.stop()
  })

  const check = async (mode: keyof PgBouncer['urls']) => {
    const pool = openPool(bouncer.urls[mode])
    try {
      return await checkDatabase(pool, bouncer.urls[mode]).then(
        () => 'usable',
        (error: Error) => error.message,
      )
    } finally {
      await pool.end()
    }
  }

  test.each(['transaction', 'statement'] as const)('in %s mode a start is refused, with the cure', async (mode) => {
    expect(await check(mode)).toMatch(
      /^The database "\w+" at 127\.0\.0\.1:\d+ is behind a pooler such as PgBouncer .*: give the address of PostgreSQL itself, or of a pool in session mode$/,
    )
  })

  test('in session mode a hub starts, takes events and delivers them', async () => {
    expect(await check('session')).toBe('usable')
    const url = bouncer.urls.session
    const pool = openPool(url)
    const hub = await openPipeline({ name: database.name, url, pool, db: openDatabase(pool) })
    try {
      const receiver = await aReceiver()
      const sender = await makeSender(hub)
      await makeLocalWebhook(hub, sender, { url: receiver.url })
      const { post } = await hub.drainAndPost()
      expect((await post(sender.key, [someEvent(), someEvent()])).status).toBe(202)
      await receiver.waitFor(2)
      // Posted to another process: the notice of its deliveries arrives on the session of the drain.
      expect((await hub.post(sender.key, someEvent())).status).toBe(202)
      await receiver.waitFor(3)
      await until(async () => (await hub.count('queue')) === 0)
      expect(await hub.count('calls')).toBe(3)
    } finally {
      await hub.close()
      await pool.end()
    }
  })
})
