import { describe, expect, test } from 'vitest'
import { sendEvents } from '@/clients/typescript/src/send-events'
import { type Verification, verify } from '@/clients/typescript/src/verify'
import { newId } from '@/lib/db/ids'
import { formatKeys } from '@/lib/formats/format'
import { formats } from '@/lib/formats/formats'
import { buildCall } from '@/lib/pipeline/deliver/request'
import { openIngest } from '@/lib/pipeline/ingest/ingest'
import { Secret } from '@/lib/secrets/secret'
import { makeSender, silentLog, someEvent } from '../fixtures/processes/pipeline'
import { openTestHub } from '../fixtures/processes/test-hub'

// verify() and sendEvents() of clients/typescript, against what the hub itself signs and takes in.

const whsec = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`
const preSharedKey = 'the key of this account'

describe.each(formatKeys)('verify() of the format %s', (format) => {
  const own = format === 'feefo' ? preSharedKey : whsec(5)
  /** A call as the hub signs it. */
  function signed(secrets: string[], nowMs = Date.now()): Verification {
    const body = '{"text":"Später 🙂"}'
    const { request } = buildCall({
      ...{ format: formats[format], encoding: 'json', path: '/', body, deliveryId: newId(), attempt: 1 },
      ...{ feedbackVersion: 1, credentials: { preSharedKey: new Secret(preSharedKey) }, custom: [], nowMs },
      secrets: secrets.map((secret) => new Secret(secret)),
    })
    const { headers } = request
    const pairs = headers.flatMap((line, i) => (i % 2 === 0 ? [[line, headers[i + 1]]] : []))
    return { format, headers: Object.fromEntries(pairs), body, secret: own }
  }

  test('accepts a call as it was sent, with headers in any case, as Headers, and with one secret of several', () => {
    const call = signed([own])
    const headers = call.headers as Record<string, string>
    expect(verify(call)).toBe(true)
    expect(verify({ ...call, body: Buffer.from(call.body as string) })).toBe(true)
    expect(verify({ ...call, headers: new Headers(headers) })).toBe(true)
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]))
    expect(verify({ ...call, headers: upper })).toBe(true)
    expect(verify({ ...call, secret: [whsec(9), own] })).toBe(true)
    if (formats[format].signatures === 'several') expect(verify({ ...signed([whsec(9), own]) })).toBe(true)
  })

  test('refuses a call of another secret, without its proof, changed or old, and throws without a secret', () => {
    const call = signed([own])
    expect(verify({ ...call, secret: whsec(9) })).toBe(false)
    expect(verify({ ...call, headers: {} })).toBe(false)
    expect(() => verify({ ...call, secret: '' })).toThrow('needs a secret')
    expect(() => verify({ ...call, secret: [] })).toThrow('needs a secret')
    // The key of feefo proves who calls; it does not sign.
    if (format !== 'feefo') expect(verify({ ...call, body: `${call.body} ` })).toBe(false)
    const old = signed([own], Date.now() - 360_000)
    const dated = ['customer-thermometer', 'reviews', 'standard'].includes(format)
    expect(verify(old)).toBe(!dated)
    expect(verify({ ...old, toleranceSeconds: 600 })).toBe(true)
  })
})

describe('sendEvents()', async () => {
  const hub = await openTestHub()
  const ingest = openIngest({ db: hub.pool, hubUrl: 'https://hub.test', log: silentLog })
  const url = 'http://hub.test'

  test('sends in batches, and takes every event once although answers are lost and the hub is away', async () => {
    const { key: apiKey, accountId } = await makeSender(hub)
    let requests = 0
    const flaky: typeof fetch = async (input, init) => {
      requests++
      if (requests === 1) return new Response('away', { status: 503, headers: { 'retry-after': '0.05' } })
      const response = await ingest(new Request(input as URL, init))
      if (requests === 2) throw new TypeError('the connection was reset')
      return response
    }
    const events = Array.from({ length: 25 }, () => someEvent())
    const result = await sendEvents(events, { url, apiKey, fetch: flaky, batchSize: 10 })
    expect(result).toMatchObject({ accepted: 15, duplicates: 10, rejected: [] })
    expect(result.events.map(({ index }) => index)).toEqual(events.map((_, index) => index))
    expect(requests).toBe(5)
    expect(await sendEvents(events, { url, apiKey, fetch: flaky })).toMatchObject({ accepted: 0, duplicates: 25 })
    expect(await hub.count('events where account_id = $1', [accountId])).toBe(25)
  })

  test('names what the hub refuses by its place, and throws what it refuses as a whole', async () => {
    const { key: apiKey } = await makeSender(hub)
    const asked: typeof fetch = (input, init) => ingest(new Request(input as URL, init))
    const events = [someEvent(), { type: 'none' }, someEvent(), { type: 'none' }]
    const result = await sendEvents(events, { url, apiKey, fetch: asked, batchSize: 1 })
    expect(result).toMatchObject({
      accepted: 2,
      rejected: [
        { index: 1, path: 'type' },
        { index: 3, path: 'type' },
      ],
    })
    const refused = sendEvents([someEvent()], { url, apiKey: 'hbk_none', fetch: asked })
    await expect(refused).rejects.toMatchObject({ name: 'HubError', status: 401 })
  })
})
