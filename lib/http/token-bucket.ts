import { LRUCache } from 'lru-cache'

export type BucketRate = {
  /** Tokens a second in the long run. */
  perSecond: number
  /** The most tokens a bucket holds: what may be taken at once. */
  burst: number
}

/**
 * Token buckets by key, in the memory of this process; the `most` keys used last are kept. Returns 0 when `cost` tokens
 * were taken, else the whole seconds until the next attempt. A bucket that is not empty gives any cost and may go below
 * zero, so that a request larger than `burst` passes and later requests wait for it. A refusal takes nothing. `clock`
 * is in milliseconds.
 */
export function openTokenBuckets(most: number, clock: () => number = () => performance.now()) {
  const buckets = new LRUCache<string, { tokens: number; at: number }>({ max: most })
  return (key: string, cost: number, { perSecond, burst }: BucketRate): number => {
    const now = clock()
    const bucket = buckets.get(key) ?? { tokens: burst, at: now }
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond)
    const passes = tokens > 0
    buckets.set(key, { tokens: passes ? tokens - cost : tokens, at: now })
    return passes ? 0 : Math.max(1, Math.ceil(-tokens / perSecond))
  }
}
