import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { Secret } from '../secrets/secret'
import { showId } from '../type-id'
import { standard } from './standard'
import { whsec } from './whsec'

// The receiver's side is the independent package `standardwebhooks`.

const secretText = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`)
const deliveryId = fc.uuid().map((uuid) => showId('delivery', uuid))
const body = fc.oneof(
  fc.json(),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text.toWellFormed())),
)
const now = () => Math.floor(Date.now() / 1000)

type Sent = { deliveryId: string; timestamp: number; body: string; secrets: string[] }

/** The header lines as a receiver sees them. */
function send({ deliveryId, timestamp, body, secrets }: Sent): Record<string, string> {
  const signature = standard.sign({ deliveryId, timestamp, body, secrets: secrets.map((text) => new Secret(text)) })
  const lines = ['webhook-id', deliveryId, ...standard.headers({ deliveryId, timestamp, triggeredAtMs: 0, signature })]
  return Object.fromEntries(lines.flatMap((name, i) => (i % 2 === 0 ? [[name, lines[i + 1] as string]] : [])))
}

const verify = (secret: string, body: string, headers: Record<string, string>) =>
  new Webhook(secret).verify(body, headers)

test('a call verifies with the secret it was signed with', () => {
  fc.assert(
    fc.property(deliveryId, body, secretText, (deliveryId, body, secret) => {
      const headers = send({ deliveryId, timestamp: now(), body, secrets: [secret] })
      expect(verify(secret, body, headers)).toEqual(JSON.parse(body))
    }),
  )
})

test('the package standardwebhooks makes the same signature', () => {
  fc.assert(
    fc.property(deliveryId, body, secretText, fc.nat(2 ** 31 - 1), (deliveryId, body, secret, timestamp) => {
      const { 'webhook-signature': signature } = send({ deliveryId, timestamp, body, secrets: [secret] })
      expect(signature).toBe(new Webhook(secret).sign(deliveryId, new Date(timestamp * 1000), body))
    }),
  )
})

test('a change of one byte in body, id, time or signature does not verify', () => {
  const changed = (text: string, at: number) => {
    const bytes = Buffer.from(text)
    const i = at % bytes.length
    bytes[i] = (bytes[i] as number) ^ 1
    return bytes.toString('latin1')
  }
  fc.assert(
    fc.property(deliveryId, fc.json(), secretText, fc.nat(), (deliveryId, body, secret, at) => {
      const headers = send({ deliveryId, timestamp: now(), body, secrets: [secret] })
      expect(() => verify(secret, changed(body, at), headers)).toThrow()
      for (const name of ['webhook-id', 'webhook-timestamp']) {
        const value = changed(headers[name] as string, at)
        expect(() => verify(secret, body, { ...headers, [name]: value })).toThrow()
      }
      // Within the 43 letters of 32 bytes; the last letter's low bits and the padding carry nothing.
      const [version, encoded] = (headers['webhook-signature'] as string).split(',') as [string, string]
      const i = at % 42
      const letter = encoded[i] === 'A' ? 'B' : 'A'
      const tampered = `${version},${encoded.slice(0, i)}${letter}${encoded.slice(i + 1)}`
      expect(() => verify(secret, body, { ...headers, 'webhook-signature': tampered })).toThrow()
    }),
  )
})

test('neither another secret nor an old or early time verifies', () => {
  fc.assert(
    fc.property(deliveryId, body, secretText, secretText, (deliveryId, body, secret, other) => {
      fc.pre(secret !== other)
      const headers = send({ deliveryId, timestamp: now(), body, secrets: [secret] })
      expect(() => verify(other, body, headers)).toThrow('No matching signature')
      for (const seconds of [-6 * 60, 6 * 60]) {
        const late = send({ deliveryId, timestamp: now() + seconds, body, secrets: [secret] })
        expect(() => verify(secret, body, late)).toThrow(/timestamp/i)
      }
    }),
  )
})

test('during a rotation both secrets verify, and no third one', () => {
  fc.assert(
    fc.property(
      deliveryId,
      body,
      fc.uniqueArray(secretText, { minLength: 3, maxLength: 3 }),
      (deliveryId, body, secrets) => {
        const [fresh, old, third] = secrets as [string, string, string]
        const headers = send({ deliveryId, timestamp: now(), body, secrets: [fresh, old] })
        for (const secret of [fresh, old]) expect(verify(secret, body, headers)).toEqual(JSON.parse(body))
        expect(() => verify(third, body, headers)).toThrow()
      },
    ),
  )
})

test('a generated secret is valid, and so is any of 24 to 64 bytes', () => {
  expect(whsec.refuse(whsec.generate(randomBytes(32)))).toBeUndefined()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      const secret = whsec.generate(bytes)
      expect(secret).toBe(`whsec_${Buffer.from(bytes).toString('base64')}`)
      expect(whsec.refuse(secret) === undefined).toBe(bytes.length >= 24 && bytes.length <= 64)
      expect(whsec.refuse(secret.slice(6))).toBeDefined()
    }),
  )
  const good = whsec.generate(randomBytes(32))
  for (const bad of [
    '',
    'whsec_',
    good.slice(0, -1),
    `${good} `,
    good.replace('whsec_', 'WHSEC_'),
    `${good.slice(0, -2)}-=`,
  ])
    expect(whsec.refuse(bad)).toBeDefined()
})
