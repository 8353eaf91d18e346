import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { makeTemplate } from '@/e2e/fixtures/postgres/database'
import { startTestPostgres } from '@/e2e/fixtures/postgres/postgres'
import { drainSettings, makeLocalWebhook, makeSender, openPipeline, someEvent } from '@/e2e/fixtures/processes/pipeline'
import { endChildren, startChild } from '@/e2e/fixtures/processes/pipeline-child'
import { startReceiver } from '@/e2e/fixtures/receivers/receiver'
import { payloads } from '@/lib/db/history-schema'
import { newId } from '@/lib/db/ids'
import { listJobs, startRecovery } from '@/lib/recovery/recovery-jobs'

// npm run recovery-speed: recovers many failed deliveries of one webhook as fast as its endpoint takes them, and measures
// meanwhile how long events of another account take from the request to their receiver, beside the same without recovery.

const { values } = parseArgs({
  options: {
    deliveries: { type: 'string', default: '100000' },
    /** Events a second of the other account. */
    rate: { type: 'string', default: '20' },
    /** How long it is measured without a recovery. */
    seconds: { type: 'string', default: '20' },
  },
})
const [deliveries, rate, seconds] = [values.deliveries, values.rate, values.seconds].map(Number) as [
  number,
  number,
  number,
]
const givenUpAfterMs = 15 * 60_000

const postgres = await startTestPostgres({ durable: true })
const dropTemplate = await makeTemplate(postgres.url, '/dev/null')
const hub = await openPipeline()
const arrivals = new Map<string, number>()
const endpoint = await startReceiver({ respond: 200 })
const other = await startReceiver({
  respond: ({ body }) => {
    arrivals.set(JSON.parse(body.toString()).data.feedback.id, performance.now())
    return 200
  },
})
try {
  const failed = await makeSender(hub)
  const webhookId = await makeLocalWebhook(hub, failed, { url: endpoint.url })
  const neighbour = await makeSender(hub)
  await makeLocalWebhook(hub, neighbour, { url: other.url })
  await endAll(failed.accountId, webhookId)
  const child = await startChild({ url: hub.url, web: true, drain: { settings: drainSettings(hub.url, 100) } })

  /** Posts events at the rate until `over`, and returns how long each took to arrive. */
  async function latencies(over: () => boolean | Promise<boolean>): Promise<number[]> {
    const sent = new Map<string, number>()
    while (!(await over())) {
      const next = performance.now() + 1000 / rate
      const event = someEvent()
      sent.set(event.feedback.id, performance.now())
      void child.post(neighbour.key, event)
      await sleep(Math.max(next - performance.now(), 0))
    }
    while (![...sent.keys()].every((id) => arrivals.has(id))) await sleep(20)
    return [...sent].map(([id, at]) => (arrivals.get(id) as number) - at).sort((a, b) => a - b)
  }
  const after = (ms: number) => {
    const end = performance.now() + ms
    return () => performance.now() > end
  }
  await latencies(after(3_000))
  const alone = await latencies(after(seconds * 1000))

  const range = { since: Date.now() - 86_400_000, until: Date.now() + 60_000 }
  const expected = { failed: deliveries }
  await startRecovery(hub.db, failed.accountId, null, { ...range, webhookId, expected, perMinute: null })
  const began = performance.now()
  const tooLate = after(givenUpAfterMs)
  const beside = await latencies(() => endpoint.requests.length >= deliveries || tooLate())
  const tookS = (performance.now() - began) / 1000
  const [job] = await listJobs(hub.db, failed.accountId)
  const arrived = new Set(endpoint.requests.map(({ headers }) => headers['webhook-id'])).size
  const n = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 1 })
  const at = (sorted: number[], share: number) => n(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN)
  console.log(
    `${n(arrived)} of ${n(deliveries)} recovered in ${n(tookS)} s, ${n(arrived / tookS)} a second; job ${job?.state}`,
  )
  console.log(`another account, ${rate} events a second, request → arrival in ms:`)
  console.log(`  without recovery  p50 ${at(alone, 0.5)}  p95 ${at(alone, 0.95)}  p99 ${at(alone, 0.99)}`)
  console.log(`  beside it         p50 ${at(beside, 0.5)}  p95 ${at(beside, 0.95)}  p99 ${at(beside, 0.99)}`)
  if (arrived < deliveries) process.exitCode = 1
} finally {
  await endChildren()
  await hub.close()
  await Promise.all([endpoint.close(), other.close()])
  await dropTemplate().catch(() => {})
  await postgres.stop()
}

/** Inserts failed deliveries of the webhook, each with one call. */
async function endAll(accountId: string, webhookId: string) {
  const payloadId = newId()
  await hub.db
    .insert(payloads)
    .values({ accountId, id: payloadId, format: 'standard', body: JSON.stringify(someEvent()) })
  for (let done = 0; done < deliveries; done += 5_000) {
    const ids = Array.from({ length: Math.min(5_000, deliveries - done) }, () => newId())
    await hub.pool.query(
      `with d as (insert into deliveries (account_id, id, webhook_id, webhook_version, payload_id)
        select $1, id, $2, 1, $3 from unnest($4::uuid[]) id returning id),
      c as (insert into calls (account_id, id, delivery_id, webhook_id, webhook_version, attempt, test, status, failure,
          duration_ms)
        select $1, id, id, $2, 1, 1, false, 500, 'status', 12 from d)
      insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
      select $1, id, $2, 'exhausted', 'retries-used-up' from d`,
      [accountId, webhookId, payloadId, ids],
    )
  }
}
