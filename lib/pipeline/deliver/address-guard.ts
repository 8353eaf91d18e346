import ipaddr from 'ipaddr.js'

// Which addresses may be called. Pure; the connector that applies it to every address actually dialled is
// guarded-connector.ts. Ranges: IANA special-purpose registries, and what was found missing in ipaddr.js (::/96,
// 100:0:0:1::/64, the cloud platforms' 168.63.129.16).

const globalIpv6 = ipaddr.parseCIDR('2000::/3')
const alsoForbidden = ['168.63.129.16/32', '192.88.99.0/24', '100::/32', '2001::/23', '3fff::/20', '5f00::/16'].map(
  (range) => ipaddr.parseCIDR(range),
)

export type AddressRange = [ipaddr.IPv4 | ipaddr.IPv6, number]

const within = (address: ipaddr.IPv4 | ipaddr.IPv6, [range, bits]: AddressRange) =>
  address.kind() === range.kind() && (address as ipaddr.IPv4).match(range as ipaddr.IPv4, bits)

/** Ranges of HEARBACK_ALLOW_PRIVATE_TARGETS, parsed. */
export const readRanges = (cidrs: readonly string[]): AddressRange[] => cidrs.map((cidr) => ipaddr.parseCIDR(cidr))

/** An IPv6 address that ends in dots, as hex: ipaddr.js takes `::8.8.8.8`, which is reserved, for 8.8.8.8. */
const withoutDots = (address: string) =>
  address.replace(/(?<=:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/, (_, ...bytes) => {
    const [a, b, c, d] = bytes.slice(0, 4).map(Number) as [number, number, number, number]
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  })

function parse(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  const bare = withoutDots(address.split('%')[0] as string)
  if (!ipaddr.IPv4.isValidFourPartDecimal(bare) && !ipaddr.IPv6.isValid(bare)) return undefined
  const parsed = ipaddr.parse(bare)
  return parsed.kind() === 'ipv6' && (parsed as ipaddr.IPv6).isIPv4MappedAddress()
    ? (parsed as ipaddr.IPv6).toIPv4Address()
    : parsed
}

/** Whether an address lies in one of these ranges; an IPv4-mapped one is judged by its IPv4 address. */
export function inRanges(address: string, ranges: readonly AddressRange[]): boolean {
  const parsed = parse(address)
  return parsed !== undefined && ranges.some((range) => within(parsed, range))
}

/**
 * Why an IP address (no brackets) may not be called: the name of its range, such as 'loopback' or 'private';
 * undefined when it is public. What is no address is refused too.
 */
export function forbiddenRange(address: string): string | undefined {
  const parsed = parse(address)
  if (!parsed) return 'not an address'
  const range = parsed.range()
  if (range !== 'unicast') return words[range] ?? 'reserved'
  if (parsed.kind() === 'ipv6' && !within(parsed, globalIpv6)) return 'reserved'
  return alsoForbidden.some((forbidden) => within(parsed, forbidden)) ? 'reserved' : undefined
}

const words: Record<string, string> = {
  loopback: 'loopback',
  private: 'private',
  uniqueLocal: 'private',
  linkLocal: 'link-local',
  carrierGradeNat: 'shared (CGNAT)',
  multicast: 'multicast',
  broadcast: 'broadcast',
  unspecified: 'unspecified',
  rfc6052: 'NAT64',
  '6to4': '6to4',
  teredo: 'Teredo',
}
