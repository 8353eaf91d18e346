import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeAuth } from '../accounts/auth'
import { createHttpServer } from './http-server'
import { createListener } from './listener'
import { openPages } from './page-handler'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-page-handler-'))
const socketPath = path.join(folder, 'socket')
const hubUrl = 'https://hub.test'
const sessionSecret = 's'.repeat(32)

let ready = true
let reached: string[] = []
let seen: http.IncomingHttpHeaders = {}
let breaksOff = false
const away: string[] = []
const onAway = (reason: string) => void away.push(reason)
const pages = http.createServer(async (request, response) => {
  if (breaksOff) return void response.destroy()
  reached.push(`${request.method} ${request.url}`)
  seen = request.headers
  const body = await request.toArray().catch(() => [])
  response.end(`page ${Buffer.concat(body).length}`)
})
const door = createHttpServer()
let url: string

beforeAll(async () => {
  await once(pages.listen(socketPath), 'listening')
  door.answerWith(
    createListener({
      routes: [],
      pages: openPages({ socketPath, isReady: () => ready }, { dev: false, hubUrl, sessionSecret, onAway }),
      isTrusted: () => false,
      dev: false,
      https: true,
      onError: (error) => console.error(error),
    }),
  )
  await door.listen(0, '127.0.0.1')
  url = `http://127.0.0.1:${(door.server.address() as AddressInfo).port}`
})
beforeEach(() => {
  ready = true
  breaksOff = false
  reached = []
  away.length = 0
})
afterAll(async () => {
  await door.close()
  pages.close()
  fs.rmSync(folder, { recursive: true })
})

/** A session cookie as better-auth signs it. */
async function cookie(secret = sessionSecret): Promise<string> {
  const { $context } = makeAuth(undefined as never, { url: hubUrl, secret })
  const { authCookies } = await $context
  const key = await crypto.subtle.importKey('raw', Buffer.from(secret), { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ])
  const signature = Buffer.from(await crypto.subtle.sign('HMAC', key, Buffer.from('token'))).toString('base64')
  return `${authCookies.sessionToken.name}=${encodeURIComponent(`token.${signature}`)}`
}

const action = (at: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url + at, { method: 'POST', body, headers: { 'next-action': 'a', origin: hubUrl, ...headers } })

test('an action without a session is refused in words before the pages see it, however long it is', async () => {
  const answer = await action('/settings/webhooks/new', 'x'.repeat(1_000_000))
  expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'text/plain'])
  expect(await answer.text()).toMatch(/^You are signed out\./)
  const forged = await action('/settings/webhooks', 'x', { cookie: await cookie('another secret of this length.') })
  expect(forged.status).toBe(401)
  expect(reached).toEqual([])
})

test('a process that breaks off before its answer is told of, and the client may try again', async () => {
  breaksOff = true
  const answer = await fetch(`${url}/sign-in`)
  expect([answer.status, answer.headers.get('retry-after'), away]).toEqual([503, '2', ['socket hang up']])
})

test('an action of another site is refused with 403', async () => {
  const answer = await action('/sign-in', 'x', { origin: 'https://elsewhere.example' })
  expect([answer.status, reached]).toEqual([403, []])
})

test('the pages see the host of an accepted Origin, whatever Host and X-Forwarded-Host a proxy sent', async () => {
  const trusting = createHttpServer()
  trusting.answerWith(
    createListener({
      routes: [],
      pages: openPages({ socketPath, isReady: () => ready }, { dev: false, hubUrl, sessionSecret, onAway }),
      isTrusted: () => true,
      dev: false,
      https: true,
      onError: (error) => console.error(error),
    }),
  )
  await trusting.listen(0, '127.0.0.1')
  const at = `http://127.0.0.1:${(trusting.server.address() as AddressInfo).port}`
  const headers = { 'next-action': 'a', origin: hubUrl, 'x-forwarded-host': 'inner.example, outer.example' }
  for (const to of [url, at]) {
    expect((await fetch(`${to}/sign-in`, { method: 'POST', body: 'x', headers })).status).toBe(200)
    expect([seen.host, seen['x-forwarded-host']]).toEqual(['hub.test', undefined])
  }
  await trusting.close()
})

test('an action may have 64 KiB, and 512 KiB on the pages of one webhook', async () => {
  const signedIn = { cookie: await cookie() }
  const ask = async (at: string, kiB: number, more = 0) =>
    (await action(at, 'x'.repeat(kiB * 1024 + more), signedIn)).status
  expect([await ask('/settings/account', 64), await ask('/settings/account', 64, 1)]).toEqual([200, 413])
  expect([await ask('/sign-in', 64), await ask('/sign-in', 64, 1)]).toEqual([200, 413])
  for (const page of ['new', 'whk_1', 'whk_1/edit', 'preview'])
    expect([await ask(`/settings/webhooks/${page}`, 512), await ask(`/settings/webhooks/${page}`, 512, 1)]).toEqual([
      200, 413,
    ])
  expect(await ask('/settings/webhooks', 64, 1)).toBe(413)
})

test('an action that does not say its length is counted while it is sent', async () => {
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(16 * 1024))
    },
  })
  const request = { method: 'POST', body, duplex: 'half', headers: { 'next-action': 'a', origin: hubUrl } } as const
  expect((await fetch(`${url}/sign-in`, request)).status).toBe(413)
})

test('other methods, forms that are no action and Next’s image resizing are refused', async () => {
  const ask = async (at: string, method: string) => (await fetch(url + at, { method })).status
  expect(
    await Promise.all(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'POST'].map((method) => ask('/setup', method))),
  ).toEqual(Array(5).fill(405))
  expect(await ask('/_next/image?url=%2Ficon.svg&w=64&q=75', 'GET')).toBe(404)
  expect(reached.filter((line) => /setup|image/.test(line))).toEqual([])
})

test('while the pages are away a person gets a page that loads itself again, all others a problem', async () => {
  ready = false
  const page = await fetch(`${url}/settings/webhooks`, { headers: { accept: 'text/html,*/*' } })
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '2'])
  expect(await page.text()).toContain('<meta http-equiv="refresh" content="2">')
  for (const answer of [await action('/sign-in', 'x'), await fetch(`${url}/api/later`)]) {
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2'])
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toMatchObject({ status: 503 })
  }
})

test('the API takes every method from any origin without a session, no body of a DELETE, and no body that is too long', async () => {
  const at = `${url}/api/v1/webhooks`
  const headers = { origin: 'https://elsewhere.example', 'content-type': 'application/json' }
  for (const method of ['POST', 'PUT', 'PATCH']) {
    const answer = await fetch(at, { method, headers, body: '{}' })
    expect([method, answer.status, await answer.text()]).toEqual([method, 200, 'page 2'])
  }
  expect(await (await fetch(at, { method: 'DELETE', headers, body: 'GET /x HTTP/1.1' })).text()).toBe('page 0')
  expect(reached).toHaveLength(4)
  const long = await fetch(at, { method: 'PUT', headers, body: 'x'.repeat(512 * 1024 + 1) })
  expect(long.status).toBe(413)
  const other = await fetch(at, { method: 'OPTIONS', headers })
  expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, PUT, PATCH, DELETE'])
  expect(reached).toHaveLength(4)
})
