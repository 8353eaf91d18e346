import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { env } from '../env'

// The code that opens the first-run page is derived from the session secret: every process knows it and none stores it.

function setupCode(): string {
  return createHmac('sha256', env().HEARBACK_SESSION_SECRET).update('setup').digest('base64url').slice(0, 24)
}

/** The link that start-up prints while there is no account. */
export function setupLink(): string {
  return new URL(`/setup?code=${setupCode()}`, env().HEARBACK_URL).href
}

/** Whether this is the set-up code. The time it takes does not depend on the code. */
export function setupCodeMatches(code: string): boolean {
  // timingSafeEqual throws on unequal lengths; hashes have equal ones.
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(code), digest(setupCode()))
}
