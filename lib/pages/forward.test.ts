import { once } from 'node:events'
import fs from 'node:fs'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import net, { type AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { BodyTooLongError, forward, forwardUpgrade } from './forward'

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-forward-'))
const socketPath = path.join(folder, 'socket')
const limit = 100_000

let answer: (request: IncomingMessage, response: ServerResponse) => void
const upstream = http.createServer({ keepAliveTimeout: 0 }, (request, response) => answer(request, response))
const failures: unknown[] = []
const door = http.createServer((request, response) => {
  response.setHeader('x-frame-options', 'DENY')
  const bound = request.method === 'GET' ? 0 : limit
  forward(request, response, { socketPath, limit: bound }).catch((error) => {
    failures.push(error)
    request.resume()
    response.writeHead(error instanceof BodyTooLongError ? 413 : 503).end()
  })
})
let url: string

beforeAll(async () => {
  await Promise.all([once(upstream.listen(socketPath), 'listening'), once(door.listen(0, '127.0.0.1'), 'listening')])
  url = `http://127.0.0.1:${(door.address() as AddressInfo).port}`
})
beforeEach(() => {
  failures.length = 0
})
afterAll(() => {
  upstream.close()
  door.close()
  fs.rmSync(folder, { recursive: true })
})

test('status, headers and body arrive as they were given, apart from headers of one connection', async () => {
  answer = async (request, response) => {
    const chunks = await request.toArray()
    response.setHeader('set-cookie', ['a=1', 'b=2'])
    response.writeHead(201, { 'x-frame-options': 'ALLOW', 'x-own': 'kept', 'keep-alive': 'timeout=1' })
    response.end(`${request.method} ${request.url} ${request.headers['x-asked']} ${Buffer.concat(chunks)}`)
  }
  const got = await fetch(`${url}/a?b=%20c`, { method: 'POST', headers: { 'x-asked': 'yes' }, body: 'a ✓' })
  expect([got.status, await got.text()]).toEqual([201, 'POST /a?b=%20c yes a ✓'])
  expect(got.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect([got.headers.get('x-frame-options'), got.headers.get('x-own')]).toEqual(['DENY', 'kept'])
})

test('an answer is streamed: its first part arrives before its last is made', async () => {
  let finish = () => {}
  answer = (_, response) => {
    response.write('first')
    finish = () => response.end('last')
  }
  const reader = (await fetch(url)).body?.getReader()
  expect(Buffer.from((await reader?.read())?.value ?? '').toString()).toBe('first')
  finish()
  expect(Buffer.from((await reader?.read())?.value ?? '').toString()).toBe('last')
})

test('a client that goes away ends the request to the pages', async () => {
  let gone: Promise<unknown> = new Promise(() => {})
  const asked = new Promise<void>((resolve) => {
    answer = (_, response) => {
      gone = once(response, 'close')
      response.write('x')
      resolve()
    }
  })
  const leaving = new AbortController()
  const got = fetch(url, { signal: leaving.signal }).catch(() => {})
  await asked
  leaving.abort()
  await expect(gone).resolves.toBeDefined()
  await got
})

test('an answer that breaks off breaks off for the client too', async () => {
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': 10 })
    response.write('half')
    setTimeout(() => response.destroy(), 20)
  }
  const got = await fetch(url)
  await expect(got.text()).rejects.toThrow()
})

test('a body that is longer than its limit is refused while it is sent, whatever its length said', async () => {
  let got = 0
  answer = (request) => void request.on('data', (chunk) => (got += chunk.length)).on('error', () => {})
  const socket = net.connect(Number(new URL(url).port), '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n')
  const chunk = 'x'.repeat(0x4000)
  for (let i = 0; i < 8; i++) socket.write(`4000\r\n${chunk}\r\n`)
  socket.write('0\r\n\r\n')
  const [first] = await once(socket, 'data')
  expect(String(first)).toMatch(/^HTTP\/1\.1 413 /)
  expect(got).toBeLessThanOrEqual(limit)
  // The connection is still in step.
  answer = (_, response) => void response.end('next')
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  const [second] = await once(socket, 'data')
  expect(String(second)).toMatch(/^HTTP\/1\.1 200 /)
  socket.destroy()
})

test('an answer before the end of a long body arrives, and what is left of the body is in the way of nobody', async () => {
  answer = (_, response) => void response.writeHead(404).end('early')
  for (let i = 0; i < 20; i++) {
    const got = await fetch(url, { method: 'POST', body: 'x'.repeat(99_000) })
    expect([got.status, await got.text()]).toEqual([404, 'early'])
  }
  const socket = net.connect(Number(new URL(url).port), '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 4000000\r\n\r\n')
  socket.write('x'.repeat(100_000))
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 404 /)
  for (let i = 1; i < 40; i++) if (!socket.write('x'.repeat(100_000))) await once(socket, 'drain')
  answer = (_, response) => void response.end('next')
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 /)
  socket.destroy()
})

test('requests that follow each other share a connection, and a new process is reached after the old one', async () => {
  const used = new Set<net.Socket>()
  answer = (request, response) => {
    used.add(request.socket)
    response.end()
  }
  for (let i = 0; i < 10; i++) await (await fetch(url)).text()
  expect(used.size).toBe(1)
  upstream.closeIdleConnections()
  await sleep(20)
  expect((await fetch(url)).status).toBe(200)
  expect(used.size).toBe(2)
})

test('the body of a GET is not taken for another request', async () => {
  const asked: string[] = []
  answer = (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.end()
  }
  const inner = 'GET /smuggled HTTP/1.1\r\nhost: x\r\n\r\n'
  const socket = net.connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(`GET /outer HTTP/1.1\r\nhost: x\r\ncontent-length: ${inner.length}\r\n\r\n${inner}`)
  await once(socket, 'data')
  await sleep(100)
  expect(asked).toEqual(['GET /outer'])
  socket.destroy()
})

test('a request that no process takes fails before a byte is answered', async () => {
  answer = (_, response) => void response.destroy()
  expect((await fetch(url)).status).toBe(503)
  expect((failures[0] as Error).name).toBe('Error')
})

test('a connection that switches protocols is joined both ways, and ends with either side', async () => {
  const sockets: net.Socket[] = []
  upstream.on('upgrade', (_, socket) => {
    sockets.push(socket as net.Socket)
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n')
    socket.pipe(socket)
  })
  door.on('upgrade', (request, socket, head) => forwardUpgrade(request, socket, head, socketPath))
  const client = net.connect(Number(new URL(url).port), '127.0.0.1')
  client.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n')
  expect(String((await once(client, 'data'))[0])).toMatch(/^HTTP\/1\.1 101 /)
  client.write('there')
  expect(String((await once(client, 'data'))[0])).toBe('there')
  const ended = once(sockets[0] as net.Socket, 'close')
  client.destroy()
  await ended
})
