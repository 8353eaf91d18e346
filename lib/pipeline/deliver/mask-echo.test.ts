import { describe, expect, test } from 'vitest'
import { Secret } from '../../secrets/secret'
import type { CallResult } from './call-result'
import { EchoMask, mask, maskEcho } from './mask-echo'
import type { CallSecrets } from './request'

const answer = (own: Partial<CallResult>): CallResult => ({
  status: 200,
  failure: null,
  detail: null,
  durationMs: 1,
  connectMs: 0.5,
  firstByteMs: 0.8,
  responseHeaders: [],
  responseBody: '',
  responseBytes: Buffer.byteLength(own.responseBody ?? ''),
  retryAfterSeconds: null,
  ...own,
})
const none: CallSecrets = { signing: [], custom: [] }
const secrets: CallSecrets = {
  ...none,
  preSharedKey: new Secret('a pre-shared "key"'),
  signing: [new Secret('whsec_bmV3IHNlY3JldA=='), new Secret('whsec_b2xkIHNlY3JldA==')],
  custom: ['x-token', 'tok-123456', 'x-shop', 'quay'],
}
const own: CallSecrets = { ...none, custom: ['Authorization', 'Bearer sh0p-t0ken'] }
const basic: CallSecrets = { ...none, basic: { user: 'hub', password: new Secret('pa55-word') } }
const header = Buffer.from('hub:pa55-word').toString('base64')
const bodyAfter = (responseBody: string, of: CallSecrets, own: Partial<CallResult> = {}) =>
  maskEcho(answer({ responseBody, ...own }), of).responseBody

describe('an echoed secret of the call is masked', () => {
  test.each([
    ['the pre-shared key', 'hmac a pre-shared "key"', secrets, `hmac ${mask}`],
    ['inside a JSON string', JSON.stringify({ a: 'hmac a pre-shared "key"' }), secrets, `{"a":"hmac ${mask}"}`],
    ['each signing secret in force', 'whsec_bmV3IHNlY3JldA== whsec_b2xkIHNlY3JldA==', secrets, `${mask} ${mask}`],
    ['the value of a custom header', 'token=tok-123456&token=tok-123456', secrets, `token=${mask}&token=${mask}`],
    ['what follows the scheme of an own header', 'token: sh0p-t0ken', own, `token: ${mask}`],
    ['the Basic password', 'password pa55-word', basic, `password ${mask}`],
    ['the Basic header', `Basic ${header}`, basic, `Basic ${mask}`],
  ])('%s, in the body', (_, body, of, shown) => {
    expect(bodyAfter(body, of)).toBe(shown)
  })

  test('in the names and values of headers and in the detail', () => {
    const responseHeaders = ['x-echo', 'tok-123456', 'tok-123456', 'x', 'date', 'today']
    const result = answer({ responseHeaders, failure: 'redirect', status: 302, detail: '/in?t=tok-123456' })
    expect(maskEcho(result, secrets)).toEqual({
      ...result,
      responseHeaders: ['x-echo', mask, mask, 'x', 'date', 'today'],
      detail: `/in?t=${mask}`,
    })
  })

  test('whole, when one secret contains another', () => {
    const of = { ...none, custom: ['a', 'secret', 'b', 'my secret value'] }
    expect(bodyAfter('my secret value, secret', of)).toBe(`${mask}, ${mask}`)
  })

  test('also where the kept part of a body ends within it', () => {
    expect(bodyAfter('you sent tok-1234', secrets, { responseBytes: 9000 })).toBe(`you sent ${mask}`)
    expect(bodyAfter('you sent tok-1234', secrets)).toBe('you sent tok-1234')
  })
})

test('values under 6 characters are not masked, and no other text is changed', () => {
  const responseBody = 'quay, tok-12345, whsec_, hub'
  const result = answer({ responseBody, responseHeaders: ['content-type', 'text/plain'] })
  expect(maskEcho(result, secrets)).toEqual(result)
  expect(maskEcho(result, none)).toEqual(result)
})

test('the masking of a webhook follows a change of its secrets', () => {
  const echoes = new EchoMask()
  const sent = { ...secrets, signing: [...secrets.signing] }
  const result = answer({ responseBody: 'tok-123456 whsec_bmV3IHNlY3JldA== another-key' })
  const bodyFor = (of: CallSecrets) => echoes.mask(result, of).responseBody
  expect(bodyFor(sent)).toBe(`${mask} ${mask} another-key`)
  expect(bodyFor({ ...sent, signing: sent.signing.slice(1) })).toBe(`${mask} whsec_bmV3IHNlY3JldA== another-key`)
  expect(bodyFor({ ...sent, preSharedKey: new Secret('another-key') })).toBe(`${mask} ${mask} ${mask}`)
})
