import { createHmac, timingSafeEqual } from 'node:crypto'

// Whether a call comes from the hub. One function for all six formats; it needs no package and no network.

export type FormatKey = 'feefo' | 'customer-thermometer' | 'wootric' | 'reviews' | 'rateup' | 'standard'

export type HeaderSource = Headers | Record<string, string | string[] | undefined>

export type Verification = {
  format: FormatKey
  /** The request's headers: a `Headers`, or those of node:http. */
  headers: HeaderSource
  /** The raw body: parsing it and writing it again may change bytes. */
  body: string | Uint8Array
  /**
   * The signing secret that the WebHook's page shows, or several while one is replaced. Of `feefo`, which is not signed, the
   * account's pre-shared key.
   */
  secret: string | readonly string[]
  /** How old or how far ahead a signed time may be. */
  toleranceSeconds?: number
  /** Now, in Unix milliseconds. */
  now?: number
}

/**
 * Whether the call is genuine. The formats `customer-thermometer`, `reviews` and `standard` sign their time, so that a call
 * which was recorded earlier is refused; the others can be replayed, which the `webhook-id` tells. Throws without a secret.
 */
export function verify(call: Verification): boolean {
  const secrets = [call.secret].flat()
  if (secrets.length === 0 || secrets.some((secret) => !secret)) throw new Error('verify() needs a secret')
  const header = readerOf(call.headers)
  const body = Buffer.from(call.body as Uint8Array)
  return secrets.some((secret) => schemes[call.format](header, body, secret, call))
}

type Scheme = (header: (name: string) => string, body: Buffer, secret: string, call: Verification) => boolean

const standardWebhooks: Scheme = (header, body, secret, call) => {
  const [id, timestamp] = [header('webhook-id'), header('webhook-timestamp')]
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const expected = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`
  // During a rotation there are several signatures, separated by spaces.
  const genuine = header('webhook-signature')
    .split(' ')
    .some((signature) => same(signature, expected))
  return genuine && isRecent(Number(timestamp) * 1000, call)
}

const schemes: Record<FormatKey, Scheme> = {
  feefo: (header, _, key) => same(header('authorization'), `hmac ${key}`),
  'customer-thermometer'(header, body, secret, call) {
    const date = header('date')
    const expected = createHmac('sha256', secret).update(`Date: ${date}\n`).update(body).digest('base64')
    return same(header('x-ct-hmac-sha256'), expected) && isRecent(Date.parse(date), call)
  },
  wootric: (header, body, secret) =>
    same(header('x-wootric-signature'), `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`),
  rateup: (header, body, secret) =>
    same(header('x-rateup-signature'), createHmac('sha256', secret).update(body).digest('base64')),
  reviews: standardWebhooks,
  standard: standardWebhooks,
}

/** NaN, of a time that is none, is never recent. */
const isRecent = (atMs: number, { now = Date.now(), toleranceSeconds = 300 }: Verification) =>
  Math.abs(now - atMs) <= toleranceSeconds * 1000

/** Reads a header whatever the case of its name. An absent one, or one that was sent twice, is ''. */
function readerOf(headers: HeaderSource): (name: string) => string {
  if (headers instanceof Headers) return (name) => headers.get(name) ?? ''
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return (name) => {
    const value = byName.get(name)
    return typeof value === 'string' ? value : ''
  }
}

/** Compares in constant time. */
function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
