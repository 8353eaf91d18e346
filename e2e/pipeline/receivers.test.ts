import { beforeAll, describe, expect, test } from 'vitest'
import { formats } from '@/lib/formats/formats'
import { Secret } from '@/lib/secrets/secret'
import { codeFiles, readCode } from '@/lib/verify/receiver-code'
import { proofsOf, verificationOf } from '@/lib/verify/verification'
import { setPreSharedKey } from '@/lib/webhooks/pre-shared-key'
import { thermometerBoxes } from '@/lib/webhooks/thermometer'
import type { WebhookForm } from '@/lib/webhooks/webhook-schema'
import { lacking } from '../fixtures/processes/lacking'
import { aReceiver, makeLocalWebhook, makeSender, someEvent } from '../fixtures/processes/pipeline'
import { openTestHub } from '../fixtures/processes/test-hub'
import type { Receiver } from '../fixtures/receivers/receiver'
import { type ReceiverLanguage, receiverLanguages } from '../fixtures/receivers/receiver-languages'
import { type ReceiverProgram, type Sent, startReceiverProgram } from '../fixtures/receivers/receiver-program'

// Runs the code of the Verify page as it is shown: one process per language and kind of webhook. Each gets deliveries that
// the hub made, unchanged and tampered with.

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
const otherSecret = `whsec_${Buffer.alloc(32, 6).toString('base64')}`
const preSharedKey = 'the key of this account'
const basic = { authentication: 'basic', basicUser: 'hub', basicPassword: 'a pass:word' } as const

type Kind = Pick<WebhookForm, 'format'> & Partial<WebhookForm>
const kinds: Record<string, Kind> = {
  feefo: { format: 'feefo' },
  'feefo with Basic': { format: 'feefo', ...basic },
  'customer-thermometer': { format: 'customer-thermometer' },
  'customer-thermometer with Basic': { format: 'customer-thermometer', ...basic },
  'wootric as JSON': { format: 'wootric' },
  'wootric as form fields': { format: 'wootric', encoding: 'form' },
  reviews: { format: 'reviews' },
  rateup: { format: 'rateup' },
  standard: { format: 'standard' },
}
/** Covers a framework's receiver with each proof alone and with both. */
const kindsOfFrameworks = ['feefo', 'customer-thermometer with Basic', 'wootric as form fields', 'standard']

const hub = await openTestHub()
/** What the hub POSTed for each kind, signed with the receivers' secret and with another one. */
const delivered = new Map<string, { own: Sent; foreign: Sent }>()

beforeAll(async () => {
  const sender = await makeSender(hub)
  await setPreSharedKey(hub.db, sender.accountId, null, preSharedKey)
  const listen = async (kind: Kind, signedWith: string): Promise<Receiver> => {
    const receiver = await aReceiver()
    const { eventsFixed, secret } = formats[kind.format]
    await makeLocalWebhook(hub, sender, {
      ...(eventsFixed && { condition: { kind: 'thermometer', boxes: [...thermometerBoxes] } }),
      ...(secret && { secret: signedWith }),
      ...kind,
      url: receiver.url,
    })
    return receiver
  }
  const listening = new Map<string, Receiver[]>()
  for (const [name, kind] of Object.entries(kinds))
    listening.set(name, [await listen(kind, secret), await listen(kind, otherSecret)])
  const nps = { score: 6, reason: 'Zürich, 9 days' }
  const answers = [{ type: 'Rating', title: 'Please rate us?', response: 3 }]
  await hub.post(sender.key, someEvent({}, { nps, temperature: 'red', comment: 'Still broken: ümlaut & + %', answers }))
  hub.drain()
  for (const [name, receivers] of listening) {
    const [own, foreign] = await Promise.all(
      receivers.map(async (receiver): Promise<Sent> => {
        const { headers, body } = (await receiver.waitFor(1, 30_000))[0] as (typeof receiver.requests)[0]
        return { headers: headers as Record<string, string>, body }
      }),
    )
    delivered.set(name, { own: own as Sent, foreign: foreign as Sent })
  }
})

const ownOf = (name: string) => (delivered.get(name) as { own: Sent }).own
const proofsOfKind = ({ format, authentication = 'account-key' }: Kind) => proofsOf(format, authentication)

/** The receiver of one kind in one language, with its secrets. */
async function startReceiver(
  runtime: ReceiverLanguage,
  kind: Kind,
  held: Record<string, string>,
  change = (text: string) => text,
): Promise<ReceiverProgram> {
  const proofs = proofsOfKind(kind)
  const shown = codeFiles(runtime.language, kind.format, proofs).filter(
    ({ proof, framework }) => proof || framework === runtime.framework,
  )
  const files = await Promise.all(
    shown.map(
      async (file) => [runtime.placeOf?.(file.name) ?? file.name, change(await readCode(file, proofs))] as const,
    ),
  )
  return startReceiverProgram({
    files: { ...runtime.around, ...Object.fromEntries(files) },
    command: runtime.command,
    environment: held,
  })
}

/** A receiver's environment: the secret, the whole Authorization value, or both. */
function heldFor(name: string): Record<string, string> {
  const kind = kinds[name] as Kind
  const line = kind.authentication === 'basic' ? `Basic ${btoa('hub:a pass:word')}` : `hmac ${preSharedKey}`
  const held = { authorization: { HEARBACK_AUTHORIZATION: line }, signature: { HEARBACK_SECRET: secret } }
  return Object.assign({}, ...proofsOfKind(kind).map((proof) => held[proof]))
}

const headerOf = (name: string, pattern: RegExp) =>
  verificationOf((kinds[name] as Kind).format, 'account-key')
    .headers.map(([header]) => header.toLowerCase())
    .find((header) => pattern.test(header))

/** Deliveries tampered with, each in one way. */
function tampered(name: string): Record<string, Sent> {
  const { own, foreign } = delivered.get(name) as { own: Sent; foreign: Sent }
  const set = (headers: Record<string, string | undefined>, body = own.body): Sent => ({
    headers: Object.fromEntries(
      Object.entries({ ...own.headers, ...headers }).filter((line): line is [string, string] => line[1] !== undefined),
    ),
    body,
  })
  const requests: Record<string, Sent> = {}
  if (proofsOfKind(kinds[name] as Kind).includes('authorization')) {
    const line = own.headers.authorization as string
    requests['without Authorization'] = set({ authorization: undefined })
    requests['with an empty Authorization'] = set({ authorization: '' })
    requests['with another letter in Authorization'] = set({ authorization: `${line.slice(0, -1)}~` })
    requests['with a letter more in Authorization'] = set({ authorization: `${line}x` })
    requests['with an accent in Authorization'] = set({ authorization: `${line.slice(0, -1)}é` })
  }
  const signature = headerOf(name, /signature|hmac/)
  if (signature) {
    const changed = Buffer.from(own.body)
    changed[changed.length - 3] = (changed[changed.length - 3] as number) ^ 1
    requests['with one byte of its body changed'] = set({}, changed)
    requests['with a byte more in its body'] = set({}, Buffer.concat([own.body, Buffer.from('\n')]))
    requests['signed with another secret'] = foreign
    requests['without its signature'] = set({ [signature]: undefined })
    requests['with an empty signature'] = set({ [signature]: '' })
    requests['with an accent in its signature'] = set({ [signature]: `v1,sha1=é${own.headers[signature]?.slice(9)}` })
  }
  const dated = headerOf(name, /^(date|webhook-timestamp)$/)
  if (dated) {
    const now = Math.floor(Date.now() / 1000)
    requests['dated a minute later than it was signed'] = set({ [dated]: signedAt(name, now + 60).headers[dated] })
    requests['without its date'] = set({ [dated]: undefined })
    requests['with a date that is none'] = set({ [dated]: 'yesterday' })
    requests['signed six minutes ago'] = signedAt(name, now - 360)
    requests['signed six minutes from now'] = signedAt(name, now + 360)
  }
  return requests
}

/** The delivery as signed at another time. */
function signedAt(name: string, timestamp: number): Sent {
  const { headers, body } = ownOf(name)
  const format = formats[(kinds[name] as Kind).format]
  const deliveryId = headers['webhook-id'] as string
  const secrets = [new Secret(secret)]
  const signature = format.sign({ deliveryId, timestamp, body: body.toString(), secrets })
  const lines = format.headers({ deliveryId, timestamp, triggeredAtMs: 0, signature })
  const own = lines.flatMap((line, i) => (i % 2 === 0 ? [[line, lines[i + 1]]] : []))
  return { headers: { ...headers, ...Object.fromEntries(own) }, body }
}

describe.each(receiverLanguages)('in $name', (runtime) => {
  const absent = lacking(`the receivers of the Verify page in ${runtime.name}`, `no ${runtime.needs}`, runtime.missing)
  const names = runtime.framework ? kindsOfFrameworks : Object.keys(kinds)

  test.skipIf(absent).each(names)(
    'a delivery of %s is accepted unchanged and refused after any change',
    async (name) => {
      const receiver = await startReceiver(runtime, kinds[name] as Kind, heldFor(name))
      try {
        expect(await receiver.post(ownOf(name))).toBe(204)
        const changed = Object.entries(tampered(name))
        const answers: [string, number][] = []
        for (const [what, sent] of changed) answers.push([what, await receiver.post(sent)])
        expect(answers).toEqual(changed.map(([what]) => [what, 401]))
        expect(changed.length).toBeGreaterThan(4)
        expect(await receiver.post(ownOf(name))).toBe(204)
      } finally {
        await receiver.stop()
      }
    },
  )

  if (!runtime.framework)
    test.skipIf(absent).each(['feefo', 'rateup'])(
      'a receiver of %s without a secret or key accepts nothing',
      async (name) => {
        for (const held of [undefined, { HEARBACK_SECRET: '', HEARBACK_AUTHORIZATION: '' }]) {
          const receiver = await startReceiver(runtime, kinds[name] as Kind, held ?? {}).catch((error: Error) => error)
          if (receiver instanceof Error) expect(receiver.message).toMatch(/HEARBACK_(SECRET|AUTHORIZATION)/)
          else {
            expect(await receiver.post(ownOf(name))).toBe(500)
            await receiver.stop()
          }
        }
      },
    )

  if (runtime.framework)
    test.skipIf(absent)('without its exemption the framework refuses a genuine call', async () => {
      const exemption = /^.*(skip_forgery_protection|@csrf_exempt).*\n/m
      const receiver = await startReceiver(runtime, kinds.standard as Kind, heldFor('standard'), (text) =>
        text.replace(exemption, ''),
      )
      try {
        expect(await receiver.post(ownOf('standard'))).not.toBe(204)
        expect(receiver.output()).toMatch(/InvalidAuthenticityToken|CSRF/)
      } finally {
        await receiver.stop()
      }
    })
})

test.each(Object.keys(kinds))('every header named for %s is in a real delivery', (name) => {
  const { format, authentication = 'account-key' } = kinds[name] as Kind
  const sent = Object.keys(ownOf(name).headers)
  const named = verificationOf(format, authentication).headers.map(([header]) => header.toLowerCase())
  expect(named.length).toBeGreaterThan(0)
  expect(sent).toEqual(expect.arrayContaining(named))
})
