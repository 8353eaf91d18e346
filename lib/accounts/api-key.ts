import { createHash, randomBytes, randomInt } from 'node:crypto'

// The form of an API key: `hbk_`, eight characters that are public and unique enough to find it by, and 256 random bits.
// Secret scanners know it by this expression, which docs/security.md has as well:
//   hbk_[0-9a-z]{8}_[0-9A-Za-z_-]{43}
// Keys of 0.1.0 are `hb_` and 43 characters; the first six of those are their public part.

const letters = '0123456789abcdefghijklmnopqrstuvwxyz'

/** A new key and its public part. */
export function makeApiKey(): { key: string; prefix: string } {
  const prefix = `hbk_${Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('')}`
  return { key: `${prefix}_${randomBytes(32).toString('base64url')}`, prefix }
}

/** The public part of a key; undefined when the text has not the form of one. */
export function prefixOf(key: string): string | undefined {
  return /^(hbk_[0-9a-z]{8})_[\w-]{43}$/.exec(key)?.[1] ?? /^(hb_[\w-]{6})[\w-]{37}$/.exec(key)?.[1]
}

/** What is stored of a key: its SHA-256. */
export const hashApiKey = (key: string): Buffer => createHash('sha256').update(key).digest()
