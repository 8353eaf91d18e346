import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import {
  makeLocalWebhook,
  makeSender,
  type Posted,
  type Sender,
  someEvent,
  until,
} from '../fixtures/processes/pipeline'
import { openTestHub } from '../fixtures/processes/test-hub'

// Requests that share a transaction. A failure in one of them fails no other (docs/glossary.md, “group”).

const hub = await openTestHub()
beforeAll(async () => {
  // A value that PostgreSQL refuses although the schema accepts it, and an event on which something else fails.
  await hub.rows(`create function refuse_poison() returns trigger language plpgsql as $$ begin
    if new.external_id = 'poison' then raise exception 'poison' using errcode = 'data_exception'; end if;
    if new.external_id = 'broken' then raise exception 'broken'; end if;
    return new; end $$`)
  await hub.rows('create trigger poison before insert on events for each row execute function refuse_poison()')
})

/** Blocks every ingest transaction until the returned function is called. */
const holdUp = () => hub.holdUp('ingest_keys', 'access exclusive')

/** Posts that share one group: the two groups that may be in flight are blocked until all posts wait. */
async function inOneGroup(sender: Sender, posts: () => Promise<Posted>[]): Promise<Posted[]> {
  const goOn = await holdUp()
  const first = hub.post(sender.key, someEvent({ id: 'held up 1' }))
  await until(async () => (await hub.heldUp()) === 1)
  const second = hub.post(sender.key, someEvent({ id: 'held up 2' }))
  await until(async () => (await hub.heldUp()) === 2)
  const all = posts()
  await sleep(100)
  await goOn()
  await Promise.all([first, second])
  return Promise.all(all)
}

test('an event with a value that the database cannot store is refused with 400, and its neighbours are taken', async () => {
  const sender = await makeSender(hub)
  const neighbour = await makeSender(hub)
  const [before, mixed, alone, after] = await inOneGroup(sender, () => [
    hub.post(neighbour.key, [someEvent(), someEvent()]),
    hub.post(sender.key, [someEvent(), someEvent({ id: 'poison' }), someEvent()]),
    hub.post(sender.key, someEvent({ id: 'poison' })),
    hub.post(neighbour.key, [someEvent(), someEvent()]),
  ])
  expect([before?.status, mixed?.status, alone?.status, after?.status]).toEqual([202, 202, 400, 202])
  const message = 'The event holds a value that the database cannot store.'
  expect(mixed?.body).toMatchObject({ accepted: 2, rejected: [{ index: 1, id: 'poison', code: 'invalid', message }] })
  expect(alone?.body.detail).toContain(message)
  expect(await hub.count('events where account_id = $1', [neighbour.accountId])).toBe(4)
  expect(await hub.count('events where account_id = $1', [sender.accountId])).toBe(4)
  expect((await hub.post(sender.key, someEvent())).status).toBe(202)
})

test('an event on which a statement fails otherwise fails only its own request', async () => {
  const sender = await makeSender(hub)
  const neighbour = await makeSender(hub)
  const good = () => hub.post(neighbour.key, [someEvent(), someEvent()])
  const [before, bad, after] = await inOneGroup(sender, () => [
    good(),
    hub.post(sender.key, [someEvent(), someEvent({ id: 'broken' })]),
    good(),
  ])
  expect([before?.status, bad?.status, after?.status]).toEqual([202, 503, 202])
  expect(bad?.headers.get('retry-after')).toBe('1')
  expect(await hub.count('events where account_id = $1', [neighbour.accountId])).toBe(4)
  expect(await hub.count('events where account_id = $1', [sender.accountId])).toBe(2)
})

test('an event on which our own code throws fails only its own request', async () => {
  const sender = await makeSender(hub)
  const neighbour = await makeSender(hub)
  const webhook = await makeLocalWebhook(hub, sender, { url: 'http://127.0.0.1:1/' })
  const bad = await inOneGroup(neighbour, () => {
    // A rule as a newer version of the hub writes it, which runs beside this one during a deployment.
    const future = hub.rows(
      `with w as (update webhooks set format = 'from-the-future' where id = $1 returning account_id)
      update accounts set config_version = config_version + 1 where id in (select account_id from w)`,
      [webhook],
    )
    return [
      hub.post(neighbour.key, someEvent()),
      future.then(() => hub.post(sender.key, someEvent())),
      future.then(() => hub.post(neighbour.key, someEvent())),
    ]
  })
  expect(bad.map(({ status }) => status)).toEqual([202, 503, 202])
})

test('a long request that fails part-way stores nothing after its answer', async () => {
  const { key, accountId } = await makeSender(hub)
  const events = Array.from({ length: 1000 }, () => someEvent())
  events[10] = someEvent({ id: 'broken' })
  expect((await hub.post(key, events)).status).toBe(503)
  await hub.post(key, someEvent())
  expect(await hub.count('events where account_id = $1', [accountId])).toBe(1)
})

test('when a connection is cut, its groups are answered 503 with Retry-After, and the process continues', async () => {
  const { key, accountId } = await makeSender(hub)
  const goOn = await holdUp()
  const posts = [hub.post(key, someEvent({ id: 'a' }))]
  await until(async () => (await hub.heldUp()) === 1)
  posts.push(hub.post(key, someEvent({ id: 'b' })))
  await until(async () => (await hub.heldUp()) === 2)
  await hub.cutHeldUp()
  const answers = await Promise.all(posts)
  await goOn()
  expect(answers.map(({ status }) => status)).toEqual([503, 503])
  expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual(['1', '1'])
  const again = await hub.post(key, [someEvent({ id: 'a' }), someEvent({ id: 'b' })])
  expect(again.body).toMatchObject({ accepted: 2, duplicates: 0 })
  expect(await hub.count('events where account_id = $1', [accountId])).toBe(2)
})

test('while the buffer is full requests are answered 503 with Retry-After, and every buffered event is stored', async () => {
  const { key, accountId } = await makeSender(hub)
  const thousand = (n: number) => Array.from({ length: 1000 }, (_, i) => someEvent({ id: `${n}-${i}` }))
  const goOn = await holdUp()
  const posts = Array.from({ length: 24 }, (_, n) => hub.post(key, thousand(n)))
  const full = await Promise.race(posts)
  expect(full.status).toBe(503)
  expect(full.headers.get('retry-after')).toBe('1')
  await goOn()
  const statuses = (await Promise.all(posts)).map(({ status }) => status)
  const taken = statuses.filter((status) => status === 202).length
  expect(statuses.filter((status) => status === 503).length).toBe(24 - taken)
  expect(taken).toBeGreaterThanOrEqual(20)
  expect(await hub.count('events where account_id = $1', [accountId])).toBe(taken * 1000)
}, 40_000)
