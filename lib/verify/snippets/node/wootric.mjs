import { createHmac, timingSafeEqual } from 'node:crypto'

const secret = process.env.HEARBACK_SECRET
if (!secret) throw new Error('HEARBACK_SECRET is not set')

/** headers: names in lower case, as in node. body: the raw bytes, of JSON or form fields. */
export function verify(headers, body) {
  const expected = `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`
  return same(headers['x-wootric-signature'] ?? '', expected)
}

/** Compares in constant time. */
function same(given, expected) {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
