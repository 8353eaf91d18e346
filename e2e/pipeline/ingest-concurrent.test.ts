import { afterAll, expect, test } from 'vitest'
import { decisionCodes } from '@/lib/events/event-record'
import { readId } from '@/lib/type-id'
import { makeLocalWebhook, makeSender, type Posted } from '../fixtures/processes/pipeline'
import { endChildren, startChild } from '../fixtures/processes/pipeline-child'
import { openTestHub } from '../fixtures/processes/test-hub'

// A thousand requests that share feedback and ids, from many senders to two processes. No sender gets a deadlock as an
// error, and the stored rows agree with the answers.

const hub = await openTestHub()
afterAll(endChildren)

/** A seeded generator, so that a failure can be repeated. */
function randomNumbers(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % below
  }
}

const requests = 1000
const callers = 24

test('a thousand mixed requests posted to two processes keep every promise', async () => {
  const random = randomNumbers(20_261_122)
  const accounts = [await makeSender(hub), await makeSender(hub)]
  for (const account of accounts)
    for (const format of ['standard', 'standard', 'feefo'] as const)
      await makeLocalWebhook(hub, account, { url: 'http://127.0.0.1:1/', format, events: ['feedback.created'] })
  const processes = await Promise.all([1, 2].map(() => startChild({ url: hub.url, web: true })))

  const someone = () => {
    const n = random(600)
    const feedback = `fb-${random(40)}`
    const source = `source ${random(30)}`
    if (random(12) === 0) return { type: 'feedback.deleted', source, feedback: { id: feedback } }
    if (random(20) === 0) return { type: 'feedback.created', id: `bad-${n}`, feedback: { id: feedback } }
    const type = random(2) ? 'feedback.created' : 'feedback.updated'
    // Half have an id of their own. The others share ids, some of them with other content.
    const id = random(2) ? undefined : `id-${n}`
    const comment = id ? `${n} ${random(10) === 0 ? 'other' : 'same'}` : `${n}`
    return { type, id, source: id ? undefined : source, feedback: { id: id ? `fb-${n % 40}` : feedback, comment } }
  }
  const work = Array.from({ length: requests }, () => ({
    account: accounts[random(5) === 0 ? 1 : 0] as (typeof accounts)[number],
    process: processes[random(2)] as (typeof processes)[number],
    events: Array.from({ length: 1 + random(12) }, someone),
  }))
  const answers = new Map<string, Posted[]>(accounts.map(({ accountId }) => [accountId, []]))
  const queue = [...work]
  await Promise.all(
    Array.from({ length: callers }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const posted = await next.process.post(next.account.key, next.events)
        expect([202, 400, 409], JSON.stringify(posted.body)).toContain(posted.status)
        const { accepted, duplicates, rejected, events } = posted.body
        expect(accepted + duplicates + rejected.length).toBe(next.events.length)
        expect(events).toHaveLength(accepted + duplicates)
        answers.get(next.account.accountId)?.push(posted)
      }
    }),
  )
  for (const { accountId } of accounts) await expectAgreement(accountId, answers.get(accountId) ?? [])
  expect(await hub.rows('select deadlocks from pg_stat_database where datname = $1', [hub.name])).toEqual([
    { deadlocks: 0 },
  ])
}, 60_000)

async function expectAgreement(accountId: string, answers: Posted[]) {
  const own = [accountId]
  const taken = answers.flatMap(({ body }) => body.events)
  const fresh = taken.filter(({ duplicate }) => !duplicate).map(({ id }) => readId('event', id))
  const events = await hub.rows<{ id: string; external_id: string | null; matched: number }>(
    `select id, external_id, (select count(*)::int from json_array_elements(decisions -> 'webhooks') w
       where w ->> 2 = '${decisionCodes.indexOf('matched')}') as matched from events where account_id = $1`,
    own,
  )
  // Each event was answered as accepted exactly once, and each accepted event is stored.
  expect([...fresh].sort()).toEqual(events.map(({ id }) => id).sort())
  const matched = new Map(events.map(({ id, matched }) => [id, matched]))
  for (const { id, deliveries } of taken) expect(deliveries).toBe(matched.get(readId('event', id) ?? ''))

  // There is one event for each id, and the idempotency key names it.
  const ids = events.flatMap(({ external_id }) => external_id ?? [])
  expect(new Set(ids).size).toBe(ids.length)
  expect(
    await hub.count(
      `ingest_keys k join events e on e.account_id = k.account_id and e.id = k.event_id and e.external_id = k.key
       where k.account_id = $1`,
      own,
    ),
  ).toBe(ids.length)
  expect(await hub.count('ingest_keys where account_id = $1', own)).toBe(ids.length)

  // The versions of a feedback have no gap and no repeat, and the stored one is the last.
  const versions = await hub.rows<{ external_id: string; version: number; versions: number[] }>(
    `select f.external_id, f.version, array_agg(e.feedback_version order by e.feedback_version) as versions
     from feedback f join events e on e.account_id = f.account_id and e.feedback_id = f.id
     where f.account_id = $1 group by 1, 2`,
    own,
  )
  expect(versions.length).toBeGreaterThan(30)
  for (const { external_id, version, versions: all } of versions)
    expect([external_id, all]).toEqual([external_id, Array.from({ length: version }, (_, n) => n + 1)])

  // Each delivery has a queue row and a payload, and there is one payload for each event and format.
  const deliveries = events.reduce((sum, event) => sum + event.matched, 0)
  expect(await hub.count('deliveries where account_id = $1', own)).toBe(deliveries)
  expect(
    await hub.count(
      `queue q join deliveries d on d.account_id = q.account_id and d.id = q.delivery_id
         and d.webhook_id = q.webhook_id and d.payload_id = q.payload_id
       join payloads p on p.account_id = d.account_id and p.id = d.payload_id where q.account_id = $1`,
      own,
    ),
  ).toBe(deliveries)
  const twice = await hub.rows(
    'select event_id, webhook_id from deliveries where account_id = $1 group by 1, 2 having count(*) > 1',
    own,
  )
  expect(twice).toEqual([])
  const matchedEvents = events.filter((event) => event.matched > 0).length
  expect(await hub.count('payloads where account_id = $1', own)).toBe(matchedEvents * 2)
}
