import type { CheckedKey } from '../../accounts/api-key-check'
import { openTokenBuckets } from '../../http/token-bucket'

/**
 * Events of each API key, in this process. Returns 0 when they may pass, else the seconds until the next attempt. With 0
 * events it only asks whether the next may pass.
 */
export function openIngestLimit(clock?: () => number) {
  const take = openTokenBuckets(10_000, clock)
  return ({ keyId, eventsPerSecond }: CheckedKey, events: number): number =>
    eventsPerSecond === null ? 0 : take(keyId, events, { perSecond: eventsPerSecond, burst: eventsPerSecond })
}
