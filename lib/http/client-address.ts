import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import { LRUCache } from 'lru-cache'

// Who is calling, and which of the headers about it are believed: only those that a proxy named in
// HEARBACK_TRUSTED_PROXIES sent. A forged X-Forwarded-For would dodge the throttle of sign-in.

/** Carries the computed address to whoever throttles; what a client sends under this name is thrown away. */
export const CLIENT_ADDRESS_HEADER = 'x-hearback-client-address'

export type IsTrusted = (address: string) => boolean

/** Whether an address lies in one of these ranges (`10.0.0.0/8`); IPv4 inside IPv6 counts as IPv4. */
export function trustedRanges(ranges: readonly string[]): IsTrusted {
  const parsed = ranges.map((range) => ipaddr.parseCIDR(range))
  if (parsed.length === 0) return () => false
  return (text) => {
    if (!ipaddr.isValid(text)) return false
    const address = ipaddr.process(text)
    return parsed.some(([network, bits]) => address.kind() === network.kind() && address.match(network, bits))
  }
}

/**
 * The client's address: the last hop that is no trusted proxy. `peer` is the socket's other end, `forwardedFor` every
 * X-Forwarded-For value in order. A hop that is no address ends the walk, because nobody we trust wrote what is before it.
 */
export function clientAddress(peer: string, forwardedFor: readonly string[], isTrusted: IsTrusted): string {
  const hops = forwardedFor.join(',').split(',')
  let client = plainPeer(peer)
  while (hops.length > 0 && isTrusted(client)) {
    const hop = plain(hops.pop() ?? '')
    if (!hop) break
    client = hop
  }
  return client
}

/** `1.2.3.4:5678`, `[::1]:80` and `::ffff:1.2.3.4` as the address alone; undefined when it is none. */
function plain(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^\[([^\]]*)\](:\d+)?$/, '$1')
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : undefined
}

const peers = new LRUCache<string, string>({ max: 1_000 })

/** The address of the socket's other end; kept, because a connection that lives long asks for it at each request. */
function plainPeer(peer: string): string {
  const kept = peers.get(peer)
  if (kept !== undefined) return kept
  const address = plain(peer) ?? peer
  peers.set(peer, address)
  return address
}

/** Takes what an untrusted peer claims about itself out of a request, and puts the client's address in. */
export function believeHeaders(
  request: Pick<IncomingMessage, 'headers' | 'rawHeaders'>,
  peer: string,
  isTrusted: IsTrusted,
): void {
  const { headers } = request
  if (!isTrusted(peer) && !Object.keys(headers).some(isClaim)) {
    // Nearly every request: there is nothing to take out.
    const address = plainPeer(peer)
    headers[CLIENT_ADDRESS_HEADER] = address
    request.rawHeaders.push(CLIENT_ADDRESS_HEADER, address)
    return
  }
  const believed = isTrusted(peer) ? (name: string) => name !== CLIENT_ADDRESS_HEADER : (name: string) => !isClaim(name)
  for (const name of Object.keys(headers)) if (!believed(name)) delete headers[name]
  const raw: string[] = []
  request.rawHeaders.forEach((name, index) => {
    if (index % 2 === 0 && believed(name.toLowerCase())) raw.push(name, request.rawHeaders[index + 1] ?? '')
  })
  const address = clientAddress(peer, [headers['x-forwarded-for'] ?? []].flat(), isTrusted)
  headers[CLIENT_ADDRESS_HEADER] = address
  // Both, because Next reads the one and the Request that our routes get is made from the other.
  request.rawHeaders = [...raw, CLIENT_ADDRESS_HEADER, address]
}

const isClaim = (name: string): boolean => name.startsWith('x-forwarded-') || claims.has(name)
const claims = new Set(['forwarded', 'x-real-ip', CLIENT_ADDRESS_HEADER])
