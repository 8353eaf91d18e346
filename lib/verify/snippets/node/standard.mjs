import { createHmac, timingSafeEqual } from 'node:crypto'

const secret = process.env.HEARBACK_SECRET // whsec_ and base64; the key is the decoded bytes
if (!secret) throw new Error('HEARBACK_SECRET is not set')
const key = Buffer.from(secret.replace('whsec_', ''), 'base64')

/** headers: names in lower case, as in node. body: the raw bytes. */
export function verify(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers
  const expected = `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`
  // During a rotation there are several signatures, separated by spaces.
  const genuine = signatures.split(' ').some((signature) => same(signature, expected))
  return genuine && Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300
}

/** Compares in constant time. */
function same(given, expected) {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
