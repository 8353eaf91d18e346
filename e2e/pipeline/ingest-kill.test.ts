import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { readId } from '@/lib/type-id'
import { makeLocalWebhook, makeSender, someEvent } from '../fixtures/processes/pipeline'
import { type Child, endChildren, startChild } from '../fixtures/processes/pipeline-child'
import { openTestHub } from '../fixtures/processes/test-hub'

// The web process is killed under load, at random moments. Every acknowledged event is stored whole, and an event that is
// sent again is not stored twice.

const hub = await openTestHub()
afterAll(endChildren)

const kills = 5
/** Acknowledged events before each kill: 2,000 in all. */
const perKill = 400
const callers = 16

test('every acknowledged event survives SIGKILL with its deliveries, and posting it again makes no second one', async () => {
  const account = await makeSender(hub)
  await makeLocalWebhook(hub, account, { url: 'http://127.0.0.1:1/' })
  await makeLocalWebhook(hub, account, { url: 'http://127.0.0.1:1/', format: 'feefo' })
  const acknowledged = new Map<string, string>()
  type Sent = { id?: string; type: string; feedback: object }
  const unanswered = new Map<string, Sent>()
  let sent = 0
  const remember = (batch: Sent[], events: { index: number; id: string }[]) => {
    for (const { index, id } of events) {
      const own = batch[index]?.id ?? ''
      // It has the same id each time.
      expect(acknowledged.get(own) ?? id).toBe(id)
      acknowledged.set(own, id)
      unanswered.delete(own)
    }
  }
  const load = async (child: Child) => {
    try {
      for (;;) {
        // Some of the unanswered events are sent again, together with new ones.
        const again = [...unanswered.values()].slice(0, 2)
        const batch: Sent[] = [
          ...again,
          ...Array.from({ length: 4 }, () => someEvent({ id: `e-${sent++}` }, { id: `f-${sent % 50}` })),
        ]
        for (const event of batch) if (!acknowledged.has(event.id ?? '')) unanswered.set(event.id ?? '', event)
        const { status, body } = await child.post(account.key, batch)
        expect(status).toBe(202)
        expect(body.rejected).toEqual([])
        remember(batch, body.events)
      }
    } catch (error) {
      // The connection broke because the process was killed. A failed expectation is thrown again.
      if (!(error instanceof TypeError)) throw error
    }
  }
  let next = startChild({ url: hub.url, web: true })
  for (let n = 0; n < kills; n++) {
    const child = await next
    const before = acknowledged.size
    let ended = false
    const running = Promise.all(Array.from({ length: callers }, () => load(child))).finally(() => {
      ended = true
    })
    if (n < kills - 1) next = startChild({ url: hub.url, web: true })
    while (acknowledged.size < before + perKill && !ended) await sleep(1)
    await sleep(Math.random() * 150)
    await child.kill()
    await running
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(kills * perKill)
  const stored = await hub.rows<{
    id: string
    external_id: string
    deliveries: number
    queued: number
    payloads: number
  }>(
    `select e.id, e.external_id, count(d.id)::int as deliveries, count(q.delivery_id)::int as queued, count(p.id)::int as payloads
     from events e left join deliveries d on d.account_id = e.account_id and d.event_id = e.id
     left join queue q on q.account_id = d.account_id and q.delivery_id = d.id
     left join payloads p on p.account_id = d.account_id and p.id = d.payload_id
     where e.account_id = $1 group by 1, 2`,
    [account.accountId],
  )
  const byId = new Map(stored.map((event) => [event.external_id, event]))
  expect(byId.size).toBe(stored.length)
  for (const [own, id] of acknowledged) expect([own, byId.get(own)?.id]).toEqual([own, readId('event', id)])
  // No event is stored in part, acknowledged or not.
  for (const { deliveries, queued, payloads } of stored) expect([deliveries, queued, payloads]).toEqual([2, 2, 2])

  // All of them are sent again, to a process that has seen none.
  const last = await startChild({ url: hub.url, web: true })
  const lost = [...unanswered.values()]
  const { body } = await last.post(account.key, lost.length > 0 ? lost : [someEvent({ id: 'one more' })])
  const cutAfterCommit = lost.filter(({ id }) => byId.has(id ?? '')).length
  expect(body.rejected).toEqual([])
  expect(body.duplicates).toBe(cutAfterCommit)
  const total = stored.length + body.accepted
  expect(await hub.count('events where account_id = $1', [account.accountId])).toBe(total)
  expect(await hub.count('ingest_keys where account_id = $1', [account.accountId])).toBe(total)
  expect(await hub.count('queue where account_id = $1', [account.accountId])).toBe(total * 2)
}, 90_000)
