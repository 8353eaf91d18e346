import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { believeHeaders, clientAddress, trustedRanges } from './client-address'

const isTrusted = trustedRanges(['10.0.0.0/8', '::1/128'])

describe('the client address', () => {
  test.each([
    ['an untrusted peer is the client, whatever it claims', '203.0.113.9', ['6.6.6.6'], '203.0.113.9'],
    ['the last hop before our proxy is the client', '10.0.0.1', ['6.6.6.6, 198.51.100.7'], '198.51.100.7'],
    ['a chain of our proxies is walked', '10.0.0.1', ['198.51.100.7, 10.2.2.2', '10.3.3.3'], '198.51.100.7'],
    ['without X-Forwarded-For it is the proxy itself', '10.0.0.1', [], '10.0.0.1'],
    ['when all hops are ours it is the first one', '10.0.0.1', ['10.9.9.9'], '10.9.9.9'],
    ['a hop that is no address ends the walk', '10.0.0.1', ['6.6.6.6, unknown, 10.2.2.2'], '10.2.2.2'],
    ['IPv4 inside IPv6 counts as IPv4', '::ffff:10.0.0.1', ['::ffff:198.51.100.7'], '198.51.100.7'],
    ['a port is left out', '10.0.0.1', ['198.51.100.7:4711'], '198.51.100.7'],
    ['brackets are left out', '::1', ['[2001:db8::7]:4711'], '2001:db8::7'],
    ['a closed socket has none', '', ['6.6.6.6'], ''],
  ])('%s', (_title, peer, forwardedFor, client) => {
    expect(clientAddress(peer, forwardedFor, isTrusted)).toBe(client)
  })

  test('never throws and never believes an untrusted peer', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (peer, hops) => {
        expect(typeof clientAddress(peer, hops, isTrusted)).toBe('string')
        expect(clientAddress('203.0.113.9', hops, isTrusted)).toBe('203.0.113.9')
      }),
    )
  })
})

describe('the headers of a request', () => {
  const request = () => ({
    headers: {
      host: 'hub.example',
      'x-forwarded-for': '198.51.100.7',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=6.6.6.6',
      'x-real-ip': '6.6.6.6',
      'x-hearback-client-address': '6.6.6.6',
    },
    rawHeaders: [
      ...['Host', 'hub.example', 'X-Forwarded-For', '198.51.100.7', 'X-Forwarded-Host', 'evil.example'],
      ...['Forwarded', 'for=6.6.6.6', 'X-Real-IP', '6.6.6.6', 'X-Hearback-Client-Address', '6.6.6.6'],
    ],
  })

  test('lose what an untrusted peer claims', () => {
    const given = request()
    believeHeaders(given, '203.0.113.9', isTrusted)
    expect(given.headers).toEqual({ host: 'hub.example', 'x-hearback-client-address': '203.0.113.9' })
    expect(given.rawHeaders).toEqual(['Host', 'hub.example', 'x-hearback-client-address', '203.0.113.9'])
  })

  test('keep what a trusted proxy says, but never its word for our own header', () => {
    const given = request()
    believeHeaders(given, '10.0.0.1', isTrusted)
    expect(given.headers).toMatchObject({
      'x-forwarded-host': 'evil.example',
      'x-hearback-client-address': '198.51.100.7',
    })
    expect(given.rawHeaders).not.toContain('X-Hearback-Client-Address')
  })
})
