import { timingSafeEqual } from 'node:crypto'

const expected = process.env.HEARBACK_AUTHORIZATION // the whole header value, including its first word
if (!expected) throw new Error('HEARBACK_AUTHORIZATION is not set')

/** headers: names in lower case, as in node. */
export function authorized(headers) {
  const [a, b] = [Buffer.from(headers.authorization ?? ''), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
