import ipaddr from 'ipaddr.js'
import { LRUCache } from 'lru-cache'

/** One IPv6 line has a /64 of addresses to itself: they count as one. */
export function addressNetwork(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : parsed.parts.slice(0, 4).join(':')
}

export type AddressRate = {
  /** Requests a second in the long run. */
  perSecond: number
  /** Requests that may come at once. */
  burst: number
}

/**
 * A token bucket for each client address, in this process alone. Answers 0 when a request may pass, else after how
 * many whole seconds to come again; a refused request costs nothing. `clock` is in milliseconds.
 */
export function openAddressLimit({ perSecond, burst }: AddressRate, clock: () => number = () => performance.now()) {
  const buckets = new LRUCache<string, { tokens: number; at: number }>({ max: 50_000 })
  return (address: string): number => {
    const network = addressNetwork(address)
    const now = clock()
    const bucket = buckets.get(network) ?? { tokens: burst, at: now }
    const tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond)
    const passes = tokens >= 1
    buckets.set(network, { tokens: passes ? tokens - 1 : tokens, at: now })
    return passes ? 0 : Math.max(1, Math.ceil((1 - tokens) / perSecond))
  }
}
