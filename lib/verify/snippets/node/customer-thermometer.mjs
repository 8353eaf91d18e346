import { createHmac, timingSafeEqual } from 'node:crypto'

const secret = process.env.HEARBACK_SECRET
if (!secret) throw new Error('HEARBACK_SECRET is not set')

/** headers: names in lower case, as in node. body: the raw bytes. */
export function verify(headers, body) {
  const { date, 'x-ct-hmac-sha256': signature = '' } = headers
  const expected = createHmac('sha256', secret).update(`Date: ${date}\n`).update(body).digest('base64')
  return same(signature, expected) && Math.abs(Date.now() - Date.parse(date)) <= 300_000
}

/** Compares in constant time. */
function same(given, expected) {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
