import { describe, expect, it } from 'vitest'
import { refuseForeign } from './same-origin'

const hub = 'https://hub.example.com'
const refusal = (headers: Record<string, string>, at = hub) =>
  refuseForeign(new Headers({ host: 'hub.example.com', ...headers }), at)

describe('a request that changes something', () => {
  it.each([
    ['from this hub’s address', { origin: hub, 'sec-fetch-site': 'same-origin' }],
    ['from an old browser that sends Origin alone', { origin: hub }],
    ['whatever Host a proxy puts in', { origin: hub, host: '127.0.0.1:3000' }],
    ['without Origin when the browser says same-origin', { 'sec-fetch-site': 'same-origin' }],
  ])('passes %s', (_, headers) => {
    expect(refusal(headers)).toBeUndefined()
  })

  it.each([
    ['from another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['from a neighbour under the same domain', { origin: 'https://shop.example.com', 'sec-fetch-site': 'same-site' }],
    ['that another site sends, whatever its Origin', { origin: hub, 'sec-fetch-site': 'cross-site' }],
    ['with another Origin and no Sec-Fetch-Site', { origin: 'https://evil.example' }],
    ['from a sandboxed page', { origin: 'null' }],
    [
      'that names the attacker as forwarded host',
      { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' },
    ],
    ['without Origin and Sec-Fetch-Site', {}],
    ['without Origin, opened by the person', { 'sec-fetch-site': 'none' }],
    ['from the host it was sent to, when that is not HEARBACK_URL', { origin: 'http://10.0.0.5', host: '10.0.0.5' }],
    ['from this machine, when HEARBACK_URL is another', { origin: 'http://localhost:3000', host: 'localhost:3000' }],
    ['from another port', { origin: 'https://hub.example.com:8443' }],
  ])('is refused %s', (_, headers) => {
    expect(refusal(headers)).toBeTypeOf('string')
  })
})

describe('a hub without HEARBACK_URL, whose address is http://localhost:3000', () => {
  it.each(['localhost:3000', '127.0.0.1:3000', '127.0.0.2:3000', '[::1]:3000', 'localhost:8080'])(
    'takes a change from the page of %s that it was sent to',
    (host) => {
      expect(refusal({ origin: `http://${host}`, host }, 'http://localhost:3000')).toBeUndefined()
    },
  )

  it.each([
    ['http://192.168.1.5:3000', '192.168.1.5:3000'],
    // A name of the attacker that leads to 127.0.0.1 (DNS rebinding).
    ['http://evil.example:3000', 'evil.example:3000'],
    ['http://localhost.evil.example:3000', 'localhost.evil.example:3000'],
    ['http://localhost:4000', 'localhost:3000'],
    ['http://127.0.0.1:3000', 'evil.example:3000'],
  ])('refuses one from %s that was sent to %s', (origin, host) => {
    expect(refusal({ origin, host }, 'http://localhost:3000')).toBeTypeOf('string')
  })
})
