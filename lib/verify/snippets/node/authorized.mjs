import { timingSafeEqual } from 'node:crypto'

const expected = process.env.HEARBACK_AUTHORIZATION // the whole value of the header, with the word it begins with
if (!expected) throw new Error('HEARBACK_AUTHORIZATION is not set')

/** headers: names in lower case, as node has them. */
export function authorized(headers) {
  const [a, b] = [Buffer.from(headers.authorization ?? ''), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
