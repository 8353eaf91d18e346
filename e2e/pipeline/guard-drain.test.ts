import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { registerWebhook } from '@/lib/webhooks/register-webhook'
import { webhookForm } from '../fixtures/data/webhooks'
import { noNetwork, openGuardedNetwork, publicV4, publicV6 } from '../fixtures/network/guarded-hub'
import { drainSettings, makeSender, openPipeline, someEvent, until } from '../fixtures/processes/pipeline'
import { endChildren, startChild } from '../fixtures/processes/pipeline-child'

// The drain of a hub as shipped, with no exemption, in a network where every address answers. The address of a stored URL
// is checked again at each call, however the URL came into the database.

let network: Awaited<ReturnType<typeof openGuardedNetwork>>
let pipeline: Awaited<ReturnType<typeof openPipeline>>

/** Registers a webhook for each URL in one account and posts an event. Returns functions that read the results. */
async function send(urls: string[]) {
  const sender = await makeSender(pipeline)
  const ids: string[] = []
  for (const url of urls) {
    // Stored without the form's check, as if the name had been public when it was saved.
    const saved = await registerWebhook(pipeline.db, {
      accountId: sender.accountId,
      userId: null,
      form: { ...webhookForm(), url },
    })
    if (saved.ok) ids.push(saved.value.webhookId)
  }
  const began = Date.now()
  expect((await pipeline.post(sender.key, someEvent())).body.events).toMatchObject([{ deliveries: urls.length }])
  type Call = { status: number | null; failure: string | null; detail: string | null }
  const calls = async (): Promise<Call[][]> => {
    const rows = await pipeline.rows<Call & { webhook_id: string }>(
      'select webhook_id, status, failure, detail from calls where account_id = $1 order by attempt',
      [sender.accountId],
    )
    return ids.map((id) => rows.flatMap(({ webhook_id, ...call }) => (webhook_id === id ? [call] : [])))
  }
  /** Resolves with the calls when each webhook was called this often. */
  const called = async (times: number) => {
    await until(async () => (await calls()).every((own) => own.length >= times))
    return calls()
  }
  return { began, called }
}

describe.skipIf(noNetwork('the drain in a network of its own'))(
  'a drain in a network where every address answers',
  () => {
    beforeAll(async () => {
      network = await openGuardedNetwork()
      pipeline = await openPipeline()
      const settings = { ...drainSettings(pipeline.url), HEARBACK_ALLOW_PRIVATE_TARGETS: [] }
      await startChild({ url: pipeline.url, drain: { settings } }, network.inside)
    })
    afterEach(() => network.arrived())
    afterAll(async () => {
      await endChildren()
      await pipeline?.close()
      await network?.close()
    })

    test('delivers to public addresses, by IPv4 and IPv6, with and without a name', async () => {
      await network.zone({ shop: { a: [publicV4] }, six: { aaaa: [publicV6] }, far: { cname: 'shop.example.com' } })
      const hosts = ['shop.example.com', 'six.example.com', 'far.example.com', publicV4, `[${publicV6}]`]
      const { called } = await send(hosts.map((host) => `https://${host}/hook`))
      for (const own of await called(1)) expect(own).toMatchObject([{ status: 200, failure: null }])
      const arrivals = await network.arrived()
      expect(arrivals.map(({ address }) => address).sort()).toEqual(
        [publicV6, publicV6, publicV4, publicV4, publicV4].sort(),
      )
      expect(arrivals.map(({ request }) => request).sort()).toEqual(hosts.map((host) => `POST ${host}/hook`).sort())
    })

    test('fails calls that lead to a private address, and connects to none', async () => {
      await network.zone({
        shop: { a: ['10.1.2.3'] },
        mixed: { a: [publicV4, '127.0.0.1'] },
        meta: { cname: 'inner.example.com' },
        inner: { a: ['169.254.169.254'] },
        six: { a: [publicV4], aaaa: ['::ffff:127.0.0.1'] },
      })
      const { called } = await send([
        'https://shop.example.com/',
        'https://mixed.example.com/',
        'https://meta.example.com/',
        'https://six.example.com/',
        'http://127.0.0.1:6379/',
        'http://10.1.2.3/',
        'http://[::1]:8080/',
        'http://0x7f.1/',
        'https://168.63.129.16/',
      ])
      for (const own of await called(1)) expect(own).toMatchObject([{ status: null, failure: 'blocked-address' }])
      expect(await network.arrived()).toEqual([])
    })

    test('looks a name up again at its retry, and delivers when all its addresses are public', async () => {
      await network.zone({
        good: [{ a: ['127.0.0.1'] }, { a: [publicV4] }],
        bad: [{ a: ['10.1.2.3'] }, { a: ['127.0.0.1'] }],
      })
      const { called } = await send(['https://good.example.com/', 'https://bad.example.com/'])
      const [good, bad] = await called(2)
      expect(good).toMatchObject([{ failure: 'blocked-address', detail: '127.0.0.1 (loopback)' }, { status: 200 }])
      expect(bad).toMatchObject([{ detail: '10.1.2.3 (private)' }, { detail: '127.0.0.1 (loopback)' }])
      expect((await network.arrived()).map(({ address }) => address)).toEqual([publicV4])
    })

    test('delivers within 1 s while the DNS never answers for 40 names of another account', async () => {
      const silent = Array.from({ length: 40 }, (_, i) => `silent${i}`)
      await network.zone({
        shop: { a: [publicV4] },
        ...Object.fromEntries(silent.map((name) => [name, { silent: true }])),
      })
      const sick = await send(silent.map((name) => `https://${name}.example.com/`))
      await sleep(500)
      const took: number[] = []
      for (let i = 0; i < 3; i++) {
        const healthy = await send(['https://shop.example.com/'])
        await healthy.called(1)
        const [arrival] = await network.arrived()
        took.push((arrival?.requestedAt ?? Infinity) - healthy.began)
      }
      // A drain that waits for a silent name takes 4 s each time. A busy machine is slow only now and then.
      expect(Math.min(...took)).toBeLessThan(1_000)
      for (const own of await sick.called(1))
        expect(own[0]).toMatchObject({ failure: 'name-not-found', detail: 'EAI_AGAIN' })
    })
  },
)
