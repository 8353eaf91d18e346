import { describe, expect, it } from 'vitest'
import { refuseForeign } from './same-origin'

const hub = 'https://hub.example.com'
const refusal = (headers: Record<string, string>) =>
  refuseForeign(new Headers({ host: 'hub.example.com', ...headers }), hub)

describe('a request that changes something', () => {
  it.each([
    ['from this hub’s address', { origin: hub, 'sec-fetch-site': 'same-origin' }],
    ['from an old browser that sends Origin alone', { origin: hub }],
    [
      'from the host it was sent to, when that is not HEARBACK_URL',
      { origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' },
    ],
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
    ['from another port', { origin: 'https://hub.example.com:8443' }],
  ])('is refused %s', (_, headers) => {
    expect(refusal(headers)).toBeTypeOf('string')
  })
})
