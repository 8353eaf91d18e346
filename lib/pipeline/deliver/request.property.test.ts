import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plainAnswer, type StrangeReceiver, startStrangeReceiver } from '@/e2e/fixtures/receivers/strange-receiver'
import { standard } from '../../formats/standard'
import { Secret } from '../../secrets/secret'
import { customHeadersSchema } from '../../webhooks/header-schema'
import { preSharedKeySchema } from '../../webhooks/webhook-schema'
import { readRanges } from './address-guard'
import type { CallPool } from './call-pool'
import { deliver } from './deliver'
import { authorizationValue, callHeaders } from './request'
import { openClient } from './targets'

// What the form took is sent over a real socket and compared with the bytes that arrived.

let receiver: StrangeReceiver
let client: CallPool
beforeAll(async () => {
  receiver = await startStrangeReceiver(plainAnswer)
  client = openClient(receiver.origin, { allowed: readRanges(['127.0.0.0/8']) }, 5_000)
})
afterAll(async () => {
  await client.destroy()
  await receiver.close()
})

const printable = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code))
const text = (maxLength: number) =>
  fc.array(printable, { minLength: 1, maxLength, size: 'max' }).map((letters) => letters.join(''))
const key = text(255).filter((key) => preSharedKeySchema.safeParse({ key }).success)

const tokenSigns = [..."!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"]
const name = fc
  .array(fc.constantFrom(...tokenSigns), { minLength: 1, maxLength: 20 })
  .map((letters) => letters.join(''))
const custom = fc
  .array(
    fc.record({
      name: fc.oneof(name, fc.constantFrom('__proto__', 'cookie', 'X-Shop', 'accept', 'authorization')),
      value: text(300),
    }),
    {
      maxLength: 10,
    },
  )
  .filter((headers) => customHeadersSchema.safeParse(headers).success)

type Sent = {
  preSharedKey?: string
  basic?: { user: string; password: string }
  custom?: { name: string; value: string }[]
  body?: string
}

/** Makes one call and answers what arrived: the header lines, exactly, and the body. */
async function arrived({ preSharedKey, basic, custom = [], body = '{}' }: Sent) {
  const headers = callHeaders({
    format: standard,
    encoding: 'json',
    deliveryId: 'dlv_1',
    attempt: 1,
    feedbackVersion: 3,
    timestamp: 1_795_000_000,
    triggeredAtMs: 1_794_999_999_000,
    signature: 'v1,c2lnbmF0dXJl',
    authorization: authorizationValue({
      preSharedKey: preSharedKey === undefined ? undefined : new Secret(preSharedKey),
      basic: basic && { user: basic.user, password: new Secret(basic.password) },
    }),
    custom: custom.flatMap(({ name, value }) => [name, value]),
  })
  const result = await deliver(client, { path: '/hook?a=1', headers, body }, 5_000)
  expect(result).toMatchObject({ status: 200, failure: null })
  const bytes = Buffer.from(receiver.requests.at(-1) ?? '', 'latin1')
  const end = bytes.indexOf('\r\n\r\n')
  const [request, ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  expect(request).toBe('POST /hook?a=1 HTTP/1.1')
  return { lines, body: bytes.subarray(end + 4) }
}

test('a pre-shared key arrives byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(key, async (key) => {
      const { lines } = await arrived({ preSharedKey: key })
      expect(lines.filter((line) => /^authorization:/i.test(line))).toEqual([`authorization: hmac ${key}`])
    }),
    { numRuns: 200 },
  )
})

test('custom headers arrive byte for byte, each once, and take nothing else’s place', async () => {
  const own = await arrived({ preSharedKey: 'secret' })
  const names = (lines: string[]) => lines.map((line) => line.slice(0, line.indexOf(':')))
  await fc.assert(
    fc.asyncProperty(custom, async (headers) => {
      const { lines } = await arrived({ preSharedKey: 'secret', custom: headers })
      const sent = headers.filter(({ name }) => name.toLowerCase() !== 'authorization')
      for (const { name, value } of sent) expect(lines.filter((line) => line === `${name}: ${value}`)).toHaveLength(1)
      expect(names(lines).sort()).toEqual([...names(own.lines), ...sent.map(({ name }) => name)].sort())
    }),
    { numRuns: 200 },
  )
})

test('a custom Authorization is sent only when neither key nor Basic is', async () => {
  const custom = [{ name: 'Authorization', value: 'Bearer own' }]
  const authorization = async (sent: Sent) =>
    (await arrived({ ...sent, custom })).lines.filter((line) => /^authorization:/i.test(line))
  expect(await authorization({})).toEqual(['Authorization: Bearer own'])
  expect(await authorization({ preSharedKey: 'secret' })).toEqual(['authorization: hmac secret'])
  expect(await authorization({ basic: { user: 'a', password: 'b' } })).toEqual(['authorization: Basic YTpi'])
})

test('Basic carries user and password of any letters, and takes the key’s place', async () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    .map((word) => word.replace(/[\p{Cc}:]/gu, 'x'))
  await fc.assert(
    fc.asyncProperty(word, word, async (user, password) => {
      const { lines } = await arrived({ preSharedKey: 'secret', basic: { user, password } })
      const [line, another] = lines.filter((line) => /^authorization:/i.test(line))
      expect(another).toBeUndefined()
      const encoded = /^authorization: Basic ([A-Za-z0-9+/]+=*)$/.exec(line ?? '')?.[1] ?? ''
      expect(Buffer.from(encoded, 'base64').toString()).toBe(`${user}:${password}`)
    }),
    { numRuns: 50 },
  )
})

test('a body arrives byte for byte, whatever it says', async () => {
  const body = fc.oneof(
    fc.json(),
    fc.string({ unit: 'binary', minLength: 1 }).map((text) => JSON.stringify(text.toWellFormed())),
    fc.constantFrom('"\r\n\r\nPOST / HTTP/1.1\r\n\r\n"', `"${'é🙂'.repeat(50_000)}"`),
  )
  await fc.assert(
    fc.asyncProperty(body, async (body) => {
      const received = await arrived({ body })
      const expected = Buffer.from(body)
      expect(received.body.equals(expected)).toBe(true)
      expect(received.lines.filter((line) => /^content-length:/i.test(line))).toEqual([
        `content-length: ${expected.length}`,
      ])
      expect(received.lines.filter((line) => /^transfer-encoding:/i.test(line))).toEqual([])
    }),
    { numRuns: 100 },
  )
})
