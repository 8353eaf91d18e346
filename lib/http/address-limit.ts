import { addressNetwork } from './address-network'
import { type BucketRate, openTokenBuckets } from './token-bucket'

/** Requests of each client address, in this process. Returns 0 when one may pass, else the seconds until the next attempt. */
export function openAddressLimit(rate: BucketRate, clock?: () => number) {
  const take = openTokenBuckets(50_000, clock)
  return (address: string): number => take(addressNetwork(address), 1, rate)
}
