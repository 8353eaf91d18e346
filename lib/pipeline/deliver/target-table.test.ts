import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'
import { describe, expect, test } from 'vitest'
import { objections, targetTable } from '@/e2e/fixtures/network/target-table'
import { type UrlPolicy, urlSchema } from '../../webhooks/url-schema'
import { forbiddenRange } from './address-guard'
import { BlockedAddressError, guardedConnector, guardedLookup } from './guarded-connector'
import { checkTarget } from './target-check'

// e2e/fixtures/network/targets.txt, row by row, with the shipped configuration. Nothing here leaves the process: what would be
// dialled is dialled in guard-network.test.ts, in a network of its own.

const shipped: UrlPolicy = { http: 'format', ports: [], privateTargets: [] }
const form = (url: string) => urlSchema(false, shipped).safeParse(url).error?.issues[0]?.message
const judged = targetTable.filter(({ verdict }) => verdict !== 'name' && !(verdict in objections))
const hostOf = (url: string) => new URL(url).hostname.replace(/^\[|\]$/g, '')

test('the table has at least 150 rows, each with a verdict, and none twice', () => {
  expect(targetTable.length).toBeGreaterThanOrEqual(150)
  for (const { text, verdict } of targetTable) expect(verdict, text).toMatch(/^[a-z\dA-Z]/)
  expect(new Set(targetTable.map(({ text }) => text)).size).toBe(targetTable.length)
})

describe('the form', () => {
  test.each(targetTable)('$text: $verdict', ({ url, verdict }) => {
    const message = form(url)
    if (verdict === 'public' || verdict === 'name') expect(message).toBeUndefined()
    else if (verdict in objections) expect(message).toMatch(objections[verdict] as RegExp)
    // A zone has no place in a URL.
    else expect(message).toContain(url.includes('%lo]') || url.includes('%eth0]') ? 'not a whole URL' : `(${verdict})`)
  })
})

describe('the guard', () => {
  test.each(targetTable.filter(({ address }) => address))('$text is $verdict as an address', ({ text, verdict }) => {
    expect(forbiddenRange(text) ?? 'public').toBe(verdict)
  })

  const urls = judged.filter(({ url }) => URL.canParse(url))
  test.each(urls)('$url is $verdict to whoever saves and whoever calls it', async ({ url, verdict }) => {
    const saved = await checkTarget(url, true, { ...shipped, http: 'always', ports: [6379] })
    if (verdict === 'public') return expect(saved).toBeUndefined()
    expect(saved).toContain(verdict)
    const { hostname, protocol, port, host } = new URL(url)
    const connect = guardedConnector({ allowed: [] }, 1_000)
    const error = await new Promise((resolve) =>
      connect({ hostname, protocol, port, host }, (...[each]) => resolve(each)),
    )
    expect(error).toBeInstanceOf(BlockedAddressError)
    expect(error).toMatchObject({ address: hostOf(url), range: verdict })
  })

  test.each(judged.filter(({ address }) => address))(
    'a name that leads to $text is $verdict, alone or among others',
    async (row) => {
      const own: LookupAddress = { address: row.text, family: isIP(row.text) }
      const others = ['93.184.216.34', '2606:4700:4700::1111'].map((address) => ({ address, family: isIP(address) }))
      for (const found of [[own], [own, ...others], [...others, own]])
        for (const all of [true, false]) {
          const lookup = guardedLookup({ allowed: [] }, async () => found)
          const [error, address] = await new Promise<[Error | null, unknown]>((resolve) =>
            lookup('shop.com', { all }, (...answer) => resolve(answer as never)),
          )
          if (row.verdict === 'public') expect([error, address]).toEqual([null, all ? found : found[0]?.address])
          else expect([error, address]).toMatchObject([{ range: row.verdict }, []])
        }
    },
  )
})
