import { createHmac, timingSafeEqual } from 'node:crypto'

const secret = process.env.HEARBACK_SECRET
if (!secret) throw new Error('HEARBACK_SECRET is not set')

/** headers: names in lower case, as node has them. body: the bytes as they came, JSON or form fields alike. */
export function verify(headers, body) {
  const expected = `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`
  return same(headers['x-wootric-signature'] ?? '', expected)
}

/** In a time that tells nothing about where they differ. */
function same(given, expected) {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
