import { LRUCache } from 'lru-cache'
import type { CheckedKey } from '../../accounts/api-key-check'

/**
 * A token bucket for each API key, in this process alone. Answers 0 when the events may pass, else after how many
 * whole seconds to come again. A request larger than the bucket passes when the bucket is not empty, and is paid off.
 * With 0 events it asks whether the next may pass, at no cost.
 */
export function openIngestLimit(clock: () => number = () => performance.now()) {
  const buckets = new LRUCache<string, { tokens: number; at: number }>({ max: 10_000 })
  return ({ keyId, eventsPerSecond: rate }: CheckedKey, events: number): number => {
    if (rate === null) return 0
    const now = clock()
    const bucket = buckets.get(keyId) ?? { tokens: rate, at: now }
    const tokens = Math.min(rate, bucket.tokens + ((now - bucket.at) / 1000) * rate)
    const passes = tokens > 0
    buckets.set(keyId, { tokens: passes ? tokens - events : tokens, at: now })
    return passes ? 0 : Math.max(1, Math.ceil(-tokens / rate))
  }
}
