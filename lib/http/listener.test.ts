import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { trustedRanges } from './client-address'
import { FastResponse } from './fast-response'
import { createListener } from './listener'

const errors: unknown[] = []
let server: http.Server
let url: string

beforeAll(async () => {
  const routes = [
    { path: '/echo', handler: async (request: Request) => new FastResponse(await request.text(), { status: 202 }) },
    { path: '/native', handler: async () => new Response('native', { headers: { 'x-own': 'kept' } }) },
    {
      path: '/client',
      handler: async (request: Request) => new FastResponse(request.headers.get('x-hearback-client-address')),
    },
    {
      path: '/broken',
      handler: async () => {
        throw new Error('a bug')
      },
    },
  ]
  const listener = createListener({
    routes,
    pages: async (request, response) => {
      if (request.url === '/broken-page') throw new Error('a page bug')
      response.end(JSON.stringify(request.headers))
    },
    isTrusted: trustedRanges([]),
    dev: false,
    https: false,
    onError: (error) => errors.push((error as Error).message),
  })
  server = http.createServer(listener).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => server.close())

test('our routes answer with their own status, body and headers, and with the security headers', async () => {
  const echo = await fetch(`${url}/echo?x=1`, { method: 'POST', body: 'as sent ✓' })
  expect([echo.status, await echo.text()]).toEqual([202, 'as sent ✓'])
  expect(echo.headers.get('x-content-type-options')).toBe('nosniff')
  const native = await fetch(`${url}/native`)
  expect([native.headers.get('x-own'), await native.text()]).toEqual(['kept', 'native'])
})

test('routes see the computed client address, never the claimed one', async () => {
  const headers = { 'x-hearback-client-address': '6.6.6.6', 'x-forwarded-for': '6.6.6.6' }
  expect(await (await fetch(`${url}/client`, { headers })).text()).toBe('127.0.0.1')
})

test('NUL, bytes that are no UTF-8 and lone surrogates are refused with 400 at every address', async () => {
  const targets = ['/page?a=%00', '/%ff', '/page?a=%ED%A0%80', '/echo?a=%00', '/client?a=%ff', '/broken-page?a=%00']
  const answers = await Promise.all(targets.map((target) => fetch(url + target)))
  expect(answers.map(({ status }) => status)).toEqual(targets.map(() => 400))
  expect(answers[0]?.headers.get('content-type')).toBe('application/problem+json')
})

test('pages get a fresh nonce in the request, the one that the response allows', async () => {
  const nonces = new Set<string>()
  for (let i = 0; i < 2; i++) {
    const answer = await fetch(`${url}/page`, { headers: { 'content-security-policy': "script-src 'nonce-forged'" } })
    const seen = ((await answer.json()) as Record<string, string>)['content-security-policy'] ?? ''
    expect(seen).toBe(answer.headers.get('content-security-policy'))
    nonces.add(/'nonce-([^']+)'/.exec(seen)?.[1] ?? '')
  }
  expect(nonces.size).toBe(2)
  expect(nonces).not.toContain('forged')
})

test('a bug is a bare 500 for the client and an error for the log', async () => {
  const route = await fetch(`${url}/broken`)
  const page = await fetch(`${url}/broken-page`)
  expect([route.status, page.status]).toEqual([500, 500])
  expect(await route.text()).not.toContain('a bug')
  expect(errors).toEqual(['a bug', 'a page bug'])
})

test('the fast Response is one for everybody else', () => {
  expect(new FastResponse('x')).toBeInstanceOf(Response)
  expect(FastResponse).not.toBe(Response)
})
