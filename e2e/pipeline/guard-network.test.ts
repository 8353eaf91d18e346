import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DnsAnswer } from '../fixtures/network/dns-server'
import type { Opened } from '../fixtures/network/guard-process'
import {
  noNetwork,
  openDoors,
  openGuardedNetwork,
  plainAddress,
  publicV4,
  publicV6,
} from '../fixtures/network/guarded-hub'
import { objections, targetTable } from '../fixtures/network/target-table'

// The address guard as shipped, with no exemption. A process of the hub runs in a network where every address answers and
// records each connection, and where the test's DNS server answers for all names.

const doors = ['save', 'test fire', 'call'] as const
const rows = targetTable.filter(
  ({ verdict, url }) => !(verdict in objections) && verdict !== 'name' && URL.canParse(url),
)
const v4 = publicV4
const v6 = publicV6

let network: Awaited<ReturnType<typeof openGuardedNetwork>>
let knock: Awaited<ReturnType<typeof openDoors>>

describe.skipIf(noNetwork('the guard in a network of its own'))('in a network where every address answers', () => {
  beforeAll(async () => {
    network = await openGuardedNetwork()
    knock = await openDoors(network)
  })
  afterEach(() => network.arrived())
  afterAll(() => network?.close())

  test('exactly the public addresses of the whole table are reached', async () => {
    const opened = await Promise.all(rows.map(({ url }) => knock('call', `http://${new URL(url).hostname}/`)))
    opened.forEach((each, i) => {
      const { text, verdict } = rows[i] as (typeof rows)[0]
      if (verdict === 'public') expect(each, text).toMatchObject({ call: { status: 200 } })
      else expect(each, text).toMatchObject({ call: { status: null, failure: 'blocked-address' } })
    })
    const reached = (await network.arrived()).map(({ address }) => address).sort()
    const meant = rows
      .filter(({ verdict }) => verdict === 'public')
      .map(({ url }) => plainAddress(new URL(url).hostname))
    expect(reached).toEqual(meant.sort())
  })

  test('exactly the names whose addresses are all public are reached', async () => {
    const literal = rows.filter(({ address }) => address && !address.includes('%'))
    const answer = (text: string): DnsAnswer => (text.includes(':') ? { aaaa: [text] } : { a: [text] })
    await network.zone(
      Object.fromEntries(
        literal.flatMap(({ text, address = '' }, i) => [
          [`alone${i}`, answer(text)],
          [`first${i}`, { a: [...(answer(address).a ?? []), v4], aaaa: [...(answer(address).aaaa ?? []), v6] }],
          [`last${i}`, { a: [v4, ...(answer(address).a ?? [])], aaaa: [v6, ...(answer(address).aaaa ?? [])] }],
        ]),
      ),
    )
    for (const kind of ['alone', 'first', 'last']) {
      const opened = await Promise.all(literal.map((_, i) => knock('call', `http://${kind}${i}.example.com/`)))
      opened.forEach((each, i) => {
        const { text, verdict } = literal[i] as (typeof rows)[0]
        if (verdict === 'public') expect(each, `${kind} ${text}`).toMatchObject({ call: { status: 200 } })
        else expect(each, `${kind} ${text}`).toMatchObject({ call: { failure: 'blocked-address' } })
      })
      const reached = (await network.arrived()).map(({ address }) => address)
      if (kind !== 'alone') continue
      const meant = literal.filter(({ verdict }) => verdict === 'public').map(({ text }) => plainAddress(text))
      expect(reached.sort()).toEqual(meant.sort())
    }
  })

  test.each<[string, DnsAnswer | DnsAnswer[], string]>([
    ['one address', { a: [v4] }, v4],
    ['IPv6 alone', { aaaa: [v6] }, v6],
    ['three names on the way', { cname: 'hop1.example.com' }, v4],
    ['a slow answer', { a: [v4], delayMs: 150 }, v4],
    ['an answer that comes when it is asked for again', [{ silent: true }, { a: [v4] }], v4],
    ['an address of one kind, and servers that fail for the other', { a: [v4], failing: 'AAAA' }, v4],
  ])('a name with %s is saved, test-fired and called', async (_, answer, address) => {
    const hops = { hop1: { cname: 'hop2.example.com' }, hop2: { cname: 'hop3.example.com' }, hop3: { a: [v4] } }
    for (const door of doors) {
      await network.zone({ shop: answer, ...hops })
      const opened = await knock(door, 'https://shop.example.com/hook')
      const reached = (await network.arrived()).map((arrival) => [arrival.address, arrival.port, arrival.request])
      expect(opened.taken).toBe(true)
      if (door === 'save') expect(reached).toEqual([])
      else expect(reached).toEqual([[address, 443, 'POST shop.example.com/hook']])
    }
  })

  test.each<[string, DnsAnswer, RegExp, string]>([
    ['a private address', { a: ['10.1.2.3'] }, /leads to 10\.1\.2\.3, a private address/, 'blocked-address'],
    ['the cloud’s metadata', { a: ['169.254.169.254'] }, /a link-local address/, 'blocked-address'],
    ['this machine', { a: ['127.0.0.1'] }, /a loopback address/, 'blocked-address'],
    ['this machine by 0.0.0.0', { a: ['0.0.0.0'] }, /an? unspecified address/, 'blocked-address'],
    ['this machine, mapped', { aaaa: ['::ffff:127.0.0.1'] }, /a loopback address/, 'blocked-address'],
    ['a public and then a private address', { a: [v4, '10.1.2.3'] }, /a private address/, 'blocked-address'],
    ['a private and then a public address', { a: ['10.1.2.3', v4] }, /a private address/, 'blocked-address'],
    [
      'a public IPv4 and a private IPv6 address',
      { a: [v4], aaaa: ['fd00::1'] },
      /a private address/,
      'blocked-address',
    ],
    [
      'a private IPv4 and a public IPv6 address',
      { a: ['10.1.2.3'], aaaa: [v6] },
      /a private address/,
      'blocked-address',
    ],
    ['another name that is private', { cname: 'inner.example.com' }, /a private address/, 'blocked-address'],
    ['no address', {}, /can't find "shop\.example\.com"/, 'name-not-found'],
    ['no such name', { rcode: 3 }, /can't find/, 'name-not-found'],
    ['names in a circle', { cname: 'shop.example.com' }, /can't find|gives no answer/, 'name-not-found'],
    ['servers that fail', { rcode: 2 }, /DNS gives no answer/, 'name-not-found'],
    ['servers that refuse', { rcode: 5 }, /DNS gives no answer/, 'name-not-found'],
    ['servers that keep silent', { silent: true }, /DNS gives no answer/, 'name-not-found'],
    ['an address that comes too late', { a: [v4], delayMs: 6_000 }, /DNS gives no answer/, 'name-not-found'],
  ])(
    'a name with %s is refused when it is saved and test-fired, and fails when it is called',
    async (_, answer, words, failure) => {
      await network.zone({ shop: answer, inner: { a: [v4], aaaa: ['fd00::1'] } })
      const url = 'https://shop.example.com/hook'
      const [saved, fired, called] = await Promise.all(doors.map((door) => knock(door, url)))
      expect(saved).toMatchObject({ taken: false, message: expect.stringMatching(words) })
      expect(fired).toEqual(saved)
      expect(called).toMatchObject({ taken: true, call: { status: null, failure } })
      expect(await network.arrived()).toEqual([])
    },
  )

  test('a name that is public when it is checked and private when it is called is not called', async () => {
    await network.zone({ shop: [{ a: [v4] }, { a: ['127.0.0.1'] }] })
    const fired = await knock('test fire', 'https://shop.example.com/hook')
    expect(fired).toMatchObject({ call: { status: null, failure: 'blocked-address', detail: '127.0.0.1 (loopback)' } })
    expect(await network.arrived()).toEqual([])
  })

  test('a name that changes with every query is called only while all its answers are public', async () => {
    const pool = [[v4], [v4, '8.8.8.8'], ['10.1.2.3'], [v4, '127.0.0.1'], ['169.254.169.254', v4], []]
    const pool6 = [[], [], [v6], ['::1'], ['::ffff:10.0.0.1'], [v6, 'fe80::1']]
    const answers = Array.from({ length: 300 }, (_, i) => ({
      a: pool[(i * 7 + (i >> 3)) % pool.length],
      aaaa: pool6[(i * 5 + (i >> 2)) % pool6.length],
    }))
    await network.zone({ shop: answers })
    const results: Opened[] = []
    for (let i = 0; i < 150; i++) results.push(await knock('call', 'http://shop.example.com/'))
    const count = (failure: string | null) =>
      results.filter((opened) => opened.taken && opened.call?.failure === failure).length
    expect(count(null)).toBeGreaterThan(10)
    expect(count('blocked-address')).toBeGreaterThan(50)
    expect(count(null) + count('blocked-address') + count('name-not-found')).toBe(150)
    expect((await network.arrived()).length).toBe(count(null))
  })

  test.each(['http://10.1.2.3/', 'https://127.0.0.1/', 'https://[::1]/', 'http://inner.example.com/'])(
    'a redirect to %s is not followed',
    async (target) => {
      await network.zone({ shop: { a: [v4] }, inner: { a: ['10.1.2.3'] } })
      for (const door of ['call', 'test fire'] as const) {
        const opened = await knock(door, `https://shop.example.com/redirect/${encodeURIComponent(target)}`)
        expect(opened).toMatchObject({ call: { status: 302, failure: 'redirect', detail: target } })
        expect((await network.arrived()).map(({ address }) => address)).toEqual([v4])
      }
    },
  )

  test('https is verified for the name of the URL, or the address when it has none', async () => {
    await network.zone({ shop: { a: [v4] }, 'not.covered': { a: [v4] } })
    for (const host of ['shop.example.com', v4, `[${v6}]`])
      expect(await knock('call', `https://${host}/`)).toMatchObject({ call: { status: 200 } })
    for (const host of ['not.covered.example.com', '8.8.8.8', '[2a00::1]'])
      expect(await knock('call', `https://${host}/`)).toMatchObject({
        call: { status: null, failure: 'tls', detail: 'ERR_TLS_CERT_ALTNAME_INVALID' },
      })
    expect((await network.arrived()).filter(({ request }) => request)).toHaveLength(3)
  })

  test('a name whose server never answers delays no other name', async () => {
    const silent = Array.from({ length: 50 }, (_, i) => `silent${i}`)
    await network.zone({ shop: { a: [v4] }, ...Object.fromEntries(silent.map((name) => [name, { silent: true }])) })
    const held = silent.map((name) => knock('call', `https://${name}.example.com/`))
    await sleep(200)
    const began = performance.now()
    expect(await knock('call', 'https://shop.example.com/')).toMatchObject({ call: { status: 200 } })
    expect(await knock('save', 'https://shop.example.com/')).toMatchObject({ taken: true })
    expect(performance.now() - began).toBeLessThan(1_000)
    for (const each of await Promise.all(held)) expect(each).toMatchObject({ call: { failure: 'name-not-found' } })
  })
})
