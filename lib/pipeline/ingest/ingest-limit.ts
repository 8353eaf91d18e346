import type { CheckedKey } from '../../accounts/api-key-check'
import { openTokenBuckets } from '../../http/token-bucket'

/**
 * Events of each API key and of each limited account, in this process. Returns 0 when they may pass, else the seconds
 * until the next attempt. With 0 events it only asks whether the next may pass.
 */
export function openIngestLimit(clock?: () => number) {
  const take = openTokenBuckets(10_000, clock)
  const takeOf = (id: string, events: number, rate: number | null): number =>
    rate === null ? 0 : take(id, events, { perSecond: rate, burst: rate })
  return ({ keyId, accountId, eventsPerSecond, accountEventsPerSecond }: CheckedKey, events: number): number =>
    takeOf(keyId, events, eventsPerSecond) || takeOf(accountId, events, accountEventsPerSecond)
}
