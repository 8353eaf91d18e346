import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseEvents } from '@/lib/events/parse-events'
import { ingestGroup } from '@/lib/pipeline/ingest/ingest-group'
import { type NewFeedback, openNewFeedback } from '@/lib/pipeline/ingest/new-feedback'
import { makeLocalWebhook, makeSender, someEvent, until } from '../fixtures/processes/pipeline'
import { openTestHub } from '../fixtures/processes/test-hub'

// A group whose feedback and event ids were never seen is stored by one statement. What only seems to be new, to a process
// that has not seen it, becomes what it is.

const hub = await openTestHub()
let sender: Awaited<ReturnType<typeof makeSender>>
let statements: string[] = []
beforeAll(async () => {
  sender = await makeSender(hub)
  await makeLocalWebhook(hub, sender, { url: 'http://127.0.0.1:1/' })
  await hub.post(sender.key, someEvent())
})

/** A pool whose statements are noted. */
function openWatchedPool(): pg.Pool {
  const pool = new pg.Pool({ connectionString: hub.url, max: 1 })
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...asked: unknown[]) => never
    client.query = (...asked: unknown[]) => {
      const [what] = asked as [string | pg.QueryConfig]
      statements.push(typeof what === 'string' ? what : (what.name ?? what.text))
      return query(...asked)
    }
  })
  return pool
}
const pool = openWatchedPool()
afterAll(() => pool.end())

/** Ingests events as one group. Every name of a statement that it takes is in `statements`. */
async function ingest(newFeedback: NewFeedback, ...sent: ReturnType<typeof someEvent>[]) {
  const parsed = await parseEvents(Buffer.from(JSON.stringify(sent)), false, null)
  if (!('events' in parsed)) throw new Error(parsed.message)
  statements = []
  const { accountId } = sender
  const { results } = await ingestGroup(
    pool,
    parsed.events.map((event) => ({ ...event, accountId })),
    { hubUrl: 'http://hub.test', newFeedback },
  )
  return results
}

const rating = (id: string, rating: number) => someEvent({}, { id, service: { rating } })

/** The versions of the events of a feedback and how their service ratings compare with the version before. */
const versionsOf = async (feedback: string) => {
  const rows = await hub.rows<{ feedback_version: number; parts: { service?: string } }>(
    'select feedback_version, parts from events where account_id = $1 and subject_id = $2 order by id',
    [sender.accountId, feedback],
  )
  return rows.map((row) => [row.feedback_version, row.parts.service])
}

test('a group of new feedback takes one statement', async () => {
  const newFeedback = openNewFeedback()
  await ingest(newFeedback, rating('fb-warm', 1))
  const results = await ingest(newFeedback, rating('fb-a', 1), someEvent({ id: 'own id' }), rating('fb-a', 2))
  expect(statements).toEqual(['write-new-group'])
  expect(results).toMatchObject([{ deliveries: 1 }, { deliveries: 1 }, { deliveries: 1 }])
  expect(await versionsOf('fb-a')).toEqual([
    [1, 'added'],
    [2, 'changed'],
  ])
  expect(await hub.count(`queue where account_id = $1`, [sender.accountId])).toBeGreaterThanOrEqual(3)
})

test('feedback that another process stored becomes its next version, and only the first such group is tried as new', async () => {
  const known = openNewFeedback()
  await ingest(known, rating('fb-b', 3))
  await ingest(known, rating('fb-c', 3))
  const other = openNewFeedback()
  await ingest(other, rating('fb-b', 3))
  expect(statements).toContain('write-new-group')
  expect(statements.at(-1)).toBe('commit')
  await ingest(other, rating('fb-c', 4))
  expect(statements).not.toContain('write-new-group')
  expect(await versionsOf('fb-b')).toEqual([
    [1, 'added'],
    [2, 'same'],
  ])
  expect(await versionsOf('fb-c')).toEqual([
    [1, 'added'],
    [2, 'changed'],
  ])
})

test('an event id that another process stored is a duplicate, and its event is stored once', async () => {
  const event = someEvent({ id: 'taken' })
  const [first] = await ingest(openNewFeedback(), event)
  const [second] = await ingest(openNewFeedback(), event)
  expect(second).toEqual({ ...first, duplicate: true })
  expect(await hub.count(`events where external_id = 'taken'`)).toBe(1)
})

test('feedback that a transaction inserts at the same moment becomes its next version', async () => {
  await ingest(openNewFeedback(), rating('fb-model', 3))
  const rival = new pg.Client({ connectionString: hub.url })
  await rival.connect()
  await rival.query('begin')
  await rival.query(
    `insert into feedback (account_id, id, external_id, source_id, version, data, created_at, updated_at)
     select account_id, gen_random_uuid(), 'fb-rival', source_id, version, data, created_at, updated_at from feedback
     where account_id = $1 and external_id = 'fb-model'`,
    [sender.accountId],
  )
  const posted = ingest(openNewFeedback(), rating('fb-rival', 5))
  await until(async () => (await hub.heldUp()) === 1)
  await rival.query('commit')
  await rival.end()
  expect(await posted).toMatchObject([{ deliveries: 1, duplicate: false }])
  expect(await versionsOf('fb-rival')).toEqual([[2, 'changed']])
})

test('a group that was computed from an old configuration stores nothing, and is computed again', async () => {
  const newFeedback = openNewFeedback()
  await ingest(newFeedback, rating('fb-before', 1))
  await makeLocalWebhook(hub, sender, { url: 'http://127.0.0.1:1/second' })
  const results = await ingest(newFeedback, rating('fb-after', 1))
  expect(statements[0]).toBe('write-new-group')
  expect(results).toMatchObject([{ deliveries: 2 }])
  expect(await versionsOf('fb-after')).toEqual([[1, 'added']])
})
