import { expect, it } from 'vitest'
import { addressNetwork } from './address-network'

it('counts the addresses of one IPv6 /64 as one, and no others', () => {
  const network = addressNetwork('2001:db8:1:2::1')
  expect(addressNetwork('2001:DB8:1:2:ffff::9')).toBe(network)
  expect(addressNetwork('2001:db8:1:3::1')).not.toBe(network)
})

it('counts an IPv4 address as itself, also when it is written inside IPv6', () => {
  expect(addressNetwork('192.0.2.1')).toBe('192.0.2.1')
  expect(addressNetwork('::ffff:192.0.2.1')).toBe('192.0.2.1')
})

it('leaves text that is no address as it is', () => {
  expect(addressNetwork('unknown')).toBe('unknown')
})
