import ipaddr from 'ipaddr.js'

/**
 * What a limit counts an address as: an IPv4 address as itself, also when it is written inside IPv6; an IPv6 address as
 * its /64, because a customer has at least a /64. Text that is no address stays as it is.
 */
export function addressNetwork(address: string): string {
  if (!ipaddr.IPv6.isValid(address)) return address
  const parsed = ipaddr.IPv6.parse(address)
  return parsed.isIPv4MappedAddress() ? parsed.toIPv4Address().toString() : parsed.parts.slice(0, 4).join(':')
}
