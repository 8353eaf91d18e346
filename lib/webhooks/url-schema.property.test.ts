import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { refuseUrl, type UrlPolicy, urlSchema } from './url-schema'

const strict: UrlPolicy = { http: 'format', ports: [], privateTargets: [] }
const refuse = (text: string, { plainHttp = false, ...policy }: Partial<UrlPolicy> & { plainHttp?: boolean } = {}) =>
  refuseUrl(text, plainHttp, { ...strict, ...policy })

// What begins with xn-- has to be valid punycode.
const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/).filter((label) => !label.startsWith('xn--'))
const publicName = fc
  .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), fc.constantFrom('com', 'net', 'co.uk', 'shop', 'io'))
  .map(([labels, end]) => [...labels, end].join('.'))
const path = fc.webPath().map((path) => (path.startsWith('/') ? path : `/${path}`))

describe('a public https address', () => {
  test('is accepted with any path and query', () => {
    fc.assert(
      fc.property(publicName, path, fc.webQueryParameters(), (host, path, query) => {
        expect(refuse(`https://${host}${path}?${query}`)).toBeUndefined()
        expect(refuse(`HTTPS://${host.toUpperCase()}:443${path}`)).toBeUndefined()
      }),
    )
  })

  test.each([
    'https://bücher.example.com/ü',
    'https://例え.jp/',
    'https://xn--bcher-kva.com',
    'https://93.184.215.14/x',
    'https://[2606:4700::1]/x',
    'https://www.shop.com./x',
    'https://a_b.shop.com/',
  ])('is taken: %s', (text) => expect(refuse(text)).toBeUndefined())

  test('has at most 2,048 characters', () => {
    const start = 'https://www.shop.com/'
    expect(refuse(start + 'x'.repeat(2048 - start.length))).toBeUndefined()
    expect(refuse(start + 'x'.repeat(2049 - start.length))).toContain('2049')
  })
})

test('a host whose parts are empty, too long or have a hyphen at an edge is refused', () => {
  const refused = [
    '-shop.com',
    'shop-.com',
    'www.-shop.com',
    'www.shop-.com',
    'shop.com-',
    '-.com',
    'a..com',
    `${'a'.repeat(64)}.com`,
  ]
  for (const host of refused)
    for (const privateTargets of [[], ['10.0.0.0/8']])
      expect(refuse(`https://${host}/`, { privateTargets }), host).toMatch(/not a host name/)
  for (const host of [
    'my-shop.com',
    'a--b.com',
    'xn--mnchen-3ya.de',
    'a_b.shop.com',
    'shop.com.',
    `${'a'.repeat(63)}.com`,
  ])
    expect(refuse(`https://${host}/`), host).toBeUndefined()
})

test('user, password and fragment are refused', () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/)
  fc.assert(
    fc.property(publicName, path, word, word, (host, path, user, word) => {
      for (const userinfo of [user, `${user}:${word}`, `:${word}`])
        expect(refuse(`https://${userinfo}@${host}${path}`)).toContain('Basic')
      expect(refuse(`https://${host}${path}#${word}`)).toContain('#')
      expect(refuse(`https://${host}${path}#`)).toContain('#')
    }),
  )
})

test('every other scheme is refused', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z][a-z0-9+.-]{0,9}$/), publicName, (scheme, host) => {
      fc.pre(scheme !== 'https' && scheme !== 'http')
      expect(refuse(`${scheme}://${host}/`, { http: 'always' })).toBeDefined()
      expect(refuse(`${scheme}:${host}`, { http: 'always' })).toBeDefined()
    }),
  )
})

test.each([
  ['never', true, false],
  ['never', false, false],
  ['format', true, true],
  ['format', false, false],
  ['always', true, true],
  ['always', false, true],
] as const)(
  'HEARBACK_ALLOW_HTTP=%s, a format whose vendor accepts http: %s, http is taken: %s',
  (http, plainHttp, taken) => {
    expect(refuse('http://www.shop.com/x', { http, plainHttp }) === undefined).toBe(taken)
    expect(refuse('https://www.shop.com/x', { http, plainHttp })).toBeUndefined()
    expect(refuse('http://127.0.0.1/x', { http, plainHttp })).toBeDefined()
  },
)

test('only the usual port and those of HEARBACK_ALLOW_PORTS are open', () => {
  const port = fc.oneof(fc.nat(65535), fc.constantFrom(0, 22, 79, 80, 81, 442, 443, 444, 8443))
  fc.assert(
    fc.property(publicName, port, fc.array(port, { maxLength: 3 }), (host, port, ports) => {
      expect(refuse(`https://${host}:${port}/`, { ports }) === undefined).toBe(port === 443 || ports.includes(port))
      const http = refuse(`http://${host}:${port}/`, { ports, http: 'always' })
      expect(http === undefined).toBe(port === 80 || ports.includes(port))
      expect(refuse(`https://127.0.0.1:${port}/`, { ports })).toBeDefined()
    }),
  )
})

/** Every way a browser accepts to write an IPv4 address. */
const spelled = (address: number): fc.Arbitrary<string> => {
  const bytes = [24, 16, 8, 0].map((bits) => (address >>> bits) & 255)
  const number = (value: number) =>
    fc.constantFrom(
      String(value),
      `0${value.toString(8)}`,
      `000${value.toString(8)}`,
      `0x${value.toString(16)}`,
      `0X${value.toString(16).toUpperCase()}`,
    )
  const [a, b, c, d] = bytes as [number, number, number, number]
  const parts = fc.oneof(
    fc.tuple(number(address)),
    fc.tuple(number(a), number(address & 0xffffff)),
    fc.tuple(number(a), number(b), number(address & 0xffff)),
    fc.tuple(number(a), number(b), number(c), number(d)),
  )
  const odd = fc.constantFrom<(host: string) => string>(
    (host) => host,
    (host) => `${host}.`,
    // Full-width digits and dots, ideographic full stops, percent-encoding, a soft hyphen.
    (host) => host.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))),
    (host) => host.replaceAll('.', '\u3002'),
    (host) => host.replace(/[\da-fx]/gi, (sign) => `%${sign.charCodeAt(0).toString(16)}`),
    (host) => `${host.slice(0, 1)}\u00ad${host.slice(1)}`,
  )
  const mapped = fc.constantFrom(
    `[::ffff:${bytes.join('.')}]`,
    `[0:0:0:0:0:FFFF:${bytes.join('.')}]`,
    `[::ffff:${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}]`,
    `[::${bytes.join('.')}]`,
    `[64:ff9b::${bytes.join('.')}]`,
  )
  return fc.oneof({ arbitrary: fc.tuple(parts, odd).map(([parts, odd]) => odd(parts.join('.'))), weight: 3 }, mapped)
}

const within = (first: number, bits: number) => fc.nat(2 ** (32 - bits) - 1).map((offset) => first + offset)
const forbiddenAddress = fc.oneof(
  within(0x7f000000, 8),
  within(0x0a000000, 8),
  within(0xa9fe0000, 16),
  within(0xc0a80000, 16),
  within(0, 8),
)

describe('an address that is not public', () => {
  test('is refused however it is spelled', () => {
    fc.assert(
      fc.property(forbiddenAddress.chain(spelled), (host) => {
        expect(refuse(`https://${host}/hook`)).toBeDefined()
      }),
      { numRuns: 2_000 },
    )
  })

  test('URL parses the odd spellings as that address', () => {
    fc.assert(
      fc.property(within(0x5db80000, 16).chain(spelled), (host) => {
        const { hostname } = new URL(`https://${host}/hook`)
        expect(hostname).toMatch(/^(93\.184\.\d+\.\d+|\[.*5db8.*\])$/)
        const refused = refuse(`https://${host}/hook`)
        if (!hostname.startsWith('[') || hostname.startsWith('[::ffff:')) expect(refused).toBeUndefined()
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    'localhost',
    'LOCALHOST',
    'localhost.',
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
    'l%6Fcalhost',
    'shop.localhost',
    'shop.localhost.',
    'intranet',
    'db.internal',
    'metadata.google.internal',
    'printer.local',
    'router.lan',
    'nas.home',
    'x.corp',
    'x.test',
    'www.example',
    'x.invalid',
    'x.onion',
    '1.0.0.127.in-addr.arpa',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[fe80::1]',
    '[fd00::1]',
    '[2002:7f00:1::]',
    '[::ffff:7f00:1]',
    '[fe80::1%25eth0]',
    '127.1',
    '0',
    '0x7f.1',
    '017700000001',
    '2130706433',
    '127.0.0.1.',
    '①②⑦.0.0.1',
  ])('is refused: https://%s/', (host) => expect(refuse(`https://${host}/`)).toBeDefined())

  test('is accepted inside the ranges that the operator allows, at any port, with http or https', () => {
    const privateTargets = ['10.1.0.0/16', '::1/128']
    for (const scheme of ['http', 'https'])
      for (const host of [
        '10.1.2.3',
        '10.1.2.3:8080',
        '0xa.1.2.3',
        '[::ffff:10.1.2.3]',
        '[::1]:3000',
        'db.internal:9000',
      ])
        expect(refuse(`${scheme}://${host}/x`, { privateTargets, http: 'never' })).toBeUndefined()
    for (const host of ['10.2.0.1', '127.0.0.1', '[::2]'])
      expect(refuse(`https://${host}/x`, { privateTargets })).toBeDefined()
  })
})

test('text that can’t be stored or sent unchanged is refused', () => {
  const bad = fc.constantFrom(
    '\0',
    '\x01',
    '\x1f',
    '\x7f',
    '\n',
    '\r',
    '\t',
    ' ',
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\ud800',
    '\udfff',
  )
  fc.assert(
    fc.property(publicName, bad, fc.boolean(), (host, bad, last) => {
      expect(refuse(`https://${host}/a${bad}${last ? '' : 'b'}`)).toBeDefined()
      expect(refuse(`https://${host}${bad}/a`)).toBeDefined()
      expect(refuse(`${bad}https://${host}/a`)).toBeDefined()
    }),
  )
})

test('any text is accepted or refused without a throw, and an accepted URL is called at the host that was checked', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string().map((text) => `https://${text}`),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
  )
  fc.assert(
    fc.property(anything, fc.boolean(), (text, plainHttp) => {
      const parsed = urlSchema(plainHttp, strict).safeParse(text)
      if (!parsed.success) {
        expect(parsed.error.issues[0]?.message).toMatch(/\S/)
        return
      }
      const url = new URL(parsed.data)
      expect([url.username, url.password, url.hash, url.port]).toEqual(['', '', '', ''])
      expect(refuse(url.href, { plainHttp })).toBeUndefined()
    }),
    { numRuns: 1_000 },
  )
})
