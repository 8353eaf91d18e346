import { once } from 'node:events'
import net, { type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import tls from 'node:tls'
import { gzipSync } from 'node:zlib'
import { buildConnector, Pool } from 'undici'
import { afterEach, describe, expect, test } from 'vitest'
import { selfSigned } from '@/e2e/fixtures/self-signed'
import { plainAnswer, type StrangeReceiver, startStrangeReceiver } from '@/e2e/fixtures/strange-receiver'
import type { CallFailure } from '../calls/failure'
import { readRanges } from './address-guard'
import { type CallResult, deliver, type OutgoingCall } from './deliver'
import { guardedConnector } from './guarded-connector'
import { inFlightAtMost, openClient } from './targets'

const loopback = readRanges(['127.0.0.0/8', '::1/128'])
const call: OutgoingCall = { path: '/hook', headers: ['content-type', 'application/json'], body: '{"id":1}' }

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

function open(origin: string, { deadlineMs = 5_000, allowed = loopback } = {}) {
  const client = openClient(origin, allowed, deadlineMs)
  cleanUps.push(() => client.destroy())
  return { client, send: (each: Partial<OutgoingCall> = {}) => deliver(client, { ...call, ...each }, deadlineMs) }
}

type Options = { deadlineMs?: number; onConnection?: (socket: Socket, n: number) => void }

async function start(first: Parameters<typeof startStrangeReceiver>[0], { deadlineMs, onConnection }: Options = {}) {
  const receiver = await startStrangeReceiver(first, { onConnection })
  cleanUps.push(() => receiver.close())
  return { receiver, ...open(receiver.origin, { deadlineMs }) }
}

/** The first call's result; the next one, on the same pool, has to be answered by its own plain 200. */
async function callStrange(
  first: Parameters<typeof startStrangeReceiver>[0],
  options?: Options,
): Promise<CallResult & { receiver: StrangeReceiver }> {
  const { receiver, send } = await start(first, options)
  const result = await send()
  expect(await send()).toMatchObject({ status: 200, failure: null, responseBody: 'fine', responseBytes: 4 })
  return { ...result, receiver }
}

const ok = (rest: string) => `HTTP/1.1 200 OK\r\n${rest}`
const endsWith = (text: string) => (socket: Socket) => socket.end(text)

test('a plain answer is a success, with its headers, body and timings', async () => {
  const { send } = await start('HTTP/1.1 204 No Content\r\nX-Seen: yes\r\n\r\n')
  const result = await send()
  expect(result).toMatchObject({ status: 204, failure: null, detail: null, responseHeaders: ['X-Seen', 'yes'] })
  expect(result.connectMs).toBeGreaterThanOrEqual(0)
  expect(result.firstByteMs).toBeGreaterThanOrEqual(result.connectMs as number)
  expect(result.durationMs).toBeGreaterThanOrEqual(result.firstByteMs as number)
})

describe('a strange receiver costs one failed call of the right class, and the next call is fine:', () => {
  test.each<[string, CallFailure, string | ((socket: Socket) => void)]>([
    ['what is not HTTP', 'not-http', endsWith('220 mail.example.net ESMTP ready\r\n')],
    ['what is not HTTP, and stays open', 'not-http', '220 mail.example.net ESMTP ready\r\n'],
    ['random bytes', 'not-http', endsWith('\0\x01\x02\xff\xfe')],
    ['an HTTP/2 preface', 'not-http', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/2 settings', 'not-http', '\0\0\0\x04\0\0\0\0\0'],
    ['two different Content-Lengths', 'not-http', ok('content-length: 2\r\ncontent-length: 3\r\n\r\nok!')],
    ['a negative Content-Length', 'not-http', ok('content-length: -1\r\n\r\nok')],
    ['a Content-Length that is no number', 'not-http', ok('content-length: 2x\r\n\r\nok')],
    ['a Content-Length beyond all numbers', 'not-http', ok(`content-length: ${'9'.repeat(30)}\r\n\r\nok`)],
    [
      'Content-Length beside chunks',
      'not-http',
      ok('content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'),
    ],
    ['a chunk size that is none', 'not-http', ok('transfer-encoding: chunked\r\n\r\nzz\r\nok\r\n0\r\n\r\n')],
    ['a negative chunk size', 'not-http', ok('transfer-encoding: chunked\r\n\r\n-2\r\nok\r\n0\r\n\r\n')],
    ['a chunk size beyond all numbers', 'not-http', ok(`transfer-encoding: chunked\r\n\r\n${'f'.repeat(20)}\r\nok`)],
    ['a chunk longer than its size', 'not-http', ok('transfer-encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n')],
    ['a header line without a colon', 'not-http', ok('nonsense\r\n\r\n')],
    ['a header with a NUL', 'not-http', ok('x: a\0b\r\ncontent-length: 0\r\n\r\n')],
    ['100 that was not asked for', 'not-http', `HTTP/1.1 100 Continue\r\n\r\n${plainAnswer}`],
    ['101', 'not-http', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\nframes'],
    ['101 that was not asked for', 'not-http', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['status 99', 'not-http', 'HTTP/1.1 99 Low\r\ncontent-length: 0\r\n\r\n'],
    ['status 0', 'not-http', 'HTTP/1.1 000 None\r\ncontent-length: 0\r\n\r\n'],
    ['a status of four digits', 'not-http', 'HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n'],
    ['status 600', 'status', 'HTTP/1.1 600 High\r\ncontent-length: 0\r\n\r\n'],
    ['status 999', 'status', 'HTTP/1.1 999 Higher\r\ncontent-length: 0\r\n\r\n'],
    ['a reset', 'reset', (socket) => void socket.resetAndDestroy()],
    ['an end before any answer', 'reset', (socket) => void socket.end()],
    ['an end within the headers', 'reset', endsWith('HTTP/1.1 200 OK\r\ncontent-le')],
    ['an end within the body', 'reset', endsWith(ok('content-length: 10\r\n\r\nhalf'))],
    ['an end within a chunk', 'reset', endsWith(ok('transfer-encoding: chunked\r\n\r\na\r\nhalf'))],
    [
      'an end within a body after "connection: close"',
      'reset',
      endsWith(ok('connection: close\r\ncontent-length: 10\r\n\r\nhalf')),
    ],
    [
      'an end within a chunk after "connection: close"',
      'reset',
      endsWith(ok('connection: close\r\ntransfer-encoding: chunked\r\n\r\na\r\nhalf')),
    ],
    ['an HTTP/1.0 body that is too short', 'reset', endsWith('HTTP/1.0 200 OK\r\ncontent-length: 10\r\n\r\nhalf')],
    ['no last chunk', 'reset', endsWith(ok('transfer-encoding: chunked\r\n\r\n4\r\nfour\r\n'))],
    [
      'a reset within the body',
      'reset',
      (socket) =>
        void socket.write(ok('content-length: 10\r\n\r\nhalf'), () => setTimeout(() => socket.resetAndDestroy(), 20)),
    ],
    ['a header bomb', 'too-many-headers', ok(`x: ${'a'.repeat(70_000)}\r\ncontent-length: 0\r\n\r\n`)],
    [
      'a header bomb of many',
      'too-many-headers',
      ok(`${`x: ${'a'.repeat(500)}\r\n`.repeat(200)}content-length: 0\r\n\r\n`),
    ],
    ['3,000 tiny headers', 'too-many-headers', ok(`${'a: b\r\n'.repeat(3_000)}content-length: 0\r\n\r\n`)],
    [
      'a header bomb that never ends',
      'too-many-headers',
      (socket) => void pour(socket, 'HTTP/1.1 200 OK\r\n', `x: ${'a'.repeat(1000)}\r\n`),
    ],
  ])('%s is "%s"', async (_, failure, first) => {
    const result = await callStrange(first)
    expect(result.failure).toBe(failure)
    expect(result.durationMs).toBeLessThan(4_000)
    expect(result.retryAfterSeconds).toBeNull()
  })

  test('103 and then nothing is "reset", without a status', async () => {
    const result = await callStrange(endsWith('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'))
    expect(result).toMatchObject({ status: null, failure: 'reset', firstByteMs: null, responseHeaders: [] })
  })

  test('a greeting that comes before the request was sent is "not-http"', async () => {
    for (let i = 0; i < 20; i++) {
      const result = await callStrange(() => {}, {
        onConnection: (socket, n) => void (n === 1 && socket.write('220 mail.example.net ESMTP ready\r\n')),
      })
      expect(result.failure).toBe('not-http')
    }
  })

  test('plain http to a port that speaks TLS is "not-http" or "reset"', async () => {
    const server = tls.createServer(selfSigned, (socket) => socket.end()).on('tlsClientError', () => {})
    const { send } = open(`http://127.0.0.1:${await listen(server)}`)
    const { failure, status } = await send()
    expect(['not-http', 'reset']).toContain(failure)
    expect(status).toBeNull()
  })
})

describe('what only looks strange is a success:', () => {
  test.each([
    ['103 five times, then 200', `${'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(5)}${plainAnswer}`, 'fine'],
    [
      'chunks with extensions and trailers',
      ok('transfer-encoding: chunked\r\n\r\n4;a=b\r\nfine\r\n0\r\nx: y\r\n\r\n'),
      'fine',
    ],
    ['the same Content-Length and no reason', 'HTTP/1.1 200\r\ncontent-length: 4\r\n\r\nfine', 'fine'],
    ['status 299', 'HTTP/1.1 299 Odd\r\ncontent-length: 0\r\n\r\n', ''],
    ['HTTP/1.0 that ends by closing', (socket: Socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nfine'), 'fine'],
    ['a byte at a time', (socket: Socket) => void drip(socket, plainAnswer, 2), 'fine'],
  ])('%s', async (_, first, body) => {
    const result = await callStrange(first)
    expect(result).toMatchObject({ failure: null, responseBody: body })
  })
})

describe('of a body', () => {
  test('an endless one is cut, its connection closed, and memory stays flat', async () => {
    let written = 0
    const chunk = Buffer.alloc(64 * 1024, 'x')
    const { send } = await start(() => {}, {
      onConnection(socket) {
        socket.once('data', () => {
          socket.write(ok('content-type: text/plain\r\n\r\n'))
          const more = () => {
            while (!socket.destroyed && socket.write(chunk)) written += chunk.length
          }
          socket.on('drain', more)
          more()
        })
      },
    })
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < 20; i++) {
      const result = await send()
      expect(result).toMatchObject({ status: 200, failure: null })
      expect(result.responseBody.length).toBe(4 * 1024)
      expect(result.responseBytes).toBeGreaterThan(64 * 1024)
      expect(result.responseBytes).toBeLessThan(256 * 1024)
    }
    // What the kernel took off the sender's hands before the connection was closed.
    expect(written / 20).toBeLessThan(16 * 1024 * 1024)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024)
  })

  test('an endless one of a failure keeps 64 KiB', async () => {
    const endless = (socket: Socket) => void pour(socket, 'HTTP/1.1 500 No\r\n\r\n', 'x'.repeat(10_000))
    const result = await callStrange(endless)
    expect(result).toMatchObject({ status: 500, failure: 'status' })
    expect(result.responseBody.length).toBe(64 * 1024)
  })

  test('a success keeps 4 KiB and says that there was more', async () => {
    const result = await callStrange(ok(`content-length: 5000\r\n\r\n${'x'.repeat(5_000)}`))
    expect(result).toMatchObject({ failure: null, responseBytes: 5_000 })
    expect(result.responseBody.length).toBe(4_096)
  })

  test('a dribbled one ends at the deadline', async () => {
    const result = await callStrange(
      (socket) => void drip(socket, ok(`content-length: 100000\r\n\r\n${'x'.repeat(100)}`), 50),
      { deadlineMs: 300 },
    )
    expect(result).toMatchObject({ status: null, failure: 'timeout', detail: '0.3 s' })
    expectDeadline(result, 300)
  })

  test('one that stops half-way ends at the deadline, and keeps what came', async () => {
    const result = await callStrange(ok('content-length: 10\r\n\r\nhalf'), { deadlineMs: 300 })
    expect(result).toMatchObject({ status: 200, failure: 'timeout', responseBody: 'half', responseBytes: 4 })
    expectDeadline(result, 300)
  })

  test('a gzip bomb is not inflated', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024))
    const head = Buffer.from(ok(`content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`))
    const before = process.memoryUsage().arrayBuffers
    const result = await callStrange(Buffer.concat([head, bomb]))
    expect(result).toMatchObject({ status: 200, failure: null })
    expect(result.responseBytes).toBeLessThanOrEqual(bomb.length)
    expect(result.responseBody.length).toBeLessThanOrEqual(4_096)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024)
  })

  test('bytes that are no text are kept so that PostgreSQL can store them', async () => {
    const { responseBody } = await callStrange(
      Buffer.concat([Buffer.from(ok('content-length: 4\r\n\r\n')), Buffer.from([0x61, 0, 0xff, 0xed])]),
    )
    expect(responseBody).toBe('a\ufffd\ufffd\ufffd')
  })
})

describe('of headers', () => {
  test('16 KiB are kept of up to 64 KiB', async () => {
    const { failure, responseHeaders } = await callStrange(
      ok(`${`x: ${'a'.repeat(998)}\r\n`.repeat(40)}content-length: 0\r\n\r\n`),
    )
    expect(failure).toBeNull()
    const bytes = responseHeaders.join('').length
    expect(bytes).toBeGreaterThan(15 * 1024)
    expect(bytes).toBeLessThanOrEqual(16 * 1024)
  })

  test.each([
    ['429 Later', 'retry-after: 120', 120],
    ['503 Busy', 'Retry-After: 1', 1],
    ['503 Busy', 'retry-after: 1\r\nretry-after: 2', null],
    ['503 Busy', 'retry-after: soon', null],
    ['500 No', 'retry-after: 120', null],
    ['200 OK', 'retry-after: 120', null],
  ])('%s with "%s" orders a wait of %s', async (status, header, seconds) => {
    const result = await callStrange(`HTTP/1.1 ${status}\r\n${header}\r\ncontent-length: 0\r\n\r\n`)
    expect(result.retryAfterSeconds).toBe(seconds)
  })
})

test.each([301, 302, 303, 307, 308])('a %s is not followed; where it pointed is kept', async (status) => {
  const location = 'https://elsewhere.example/login?next=%2Fhook'
  const result = await callStrange(`HTTP/1.1 ${status} Moved\r\nlocation: ${location}\r\ncontent-length: 0\r\n\r\n`)
  expect(result).toMatchObject({ status, failure: 'redirect', detail: location })
  expect(result.receiver.requests).toHaveLength(2)
  expect(result.receiver.requests[1]).toMatch(/^POST \/hook /)
})

describe('an answer that nobody asked for', () => {
  const second = 'HTTP/1.1 500 Stray\r\ncontent-length: 5\r\n\r\nstray'

  test.each([
    ['in the same write', (socket: Socket) => void socket.write(plainAnswer + second)],
    [
      'a moment later',
      (socket: Socket) => void socket.write(plainAnswer, () => setTimeout(() => socket.write(second), 30)),
    ],
  ])('%s closes its connection and is never the next call’s', async (_, first) => {
    const { receiver, send } = await start(first)
    expect(await send()).toMatchObject({ status: 200, responseBody: 'fine' })
    await sleep(100)
    expect(await send()).toMatchObject({ status: 200, failure: null, responseBody: 'fine' })
    expect(receiver.connections).toBe(2)
  })

  test('in the same write is not the next call’s when that one follows at once', async () => {
    const { send } = await start((socket) => void socket.write(plainAnswer + second))
    expect(await send()).toMatchObject({ status: 200, responseBody: 'fine' })
    expect(await send()).toMatchObject({ status: 200, failure: null, responseBody: 'fine' })
  })

  test('is not the answer of a call that waited for the same connection', async () => {
    const receiver = await startStrangeReceiver((socket) => void socket.write(plainAnswer + second))
    cleanUps.push(() => receiver.close())
    const client = new Pool(receiver.origin, {
      connect: guardedConnector(loopback, 1_000),
      connections: 1,
      pipelining: 1,
    })
    cleanUps.push(() => client.destroy())
    const results = await Promise.all([1, 2, 3].map(() => deliver(client, call, 1_000)))
    expect(results.map(({ status }) => status)).toEqual([200, 200, 200])
  })
})

describe('who can’t be reached', () => {
  test('a port where nothing listens is "refused"', async () => {
    const server = net.createServer()
    const port = await listen(server)
    server.close()
    await once(server, 'close')
    expect(await open(`http://127.0.0.1:${port}`).send()).toMatchObject({ status: null, failure: 'refused' })
  })

  test('a name that leads nowhere is "name-not-found"', async () => {
    const { send } = open('https://no-such-shop.invalid', { deadlineMs: 15_000 })
    expect(await send()).toMatchObject({ status: null, failure: 'name-not-found' })
  })

  test.each([
    ['https://10.1.2.3', '10.1.2.3 (private)'],
    ['https://169.254.169.254', '169.254.169.254 (link-local)'],
    ['https://[::1]', '::1 (loopback)'],
    ['https://[::ffff:127.0.0.1]', '::ffff:7f00:1 (loopback)'],
    ['https://0x7f.1', '127.0.0.1 (loopback)'],
  ])('%s is "blocked-address", and nothing is dialled', async (origin, detail) => {
    const result = await open(origin, { allowed: [] }).send()
    expect(result).toMatchObject({ status: null, failure: 'blocked-address', detail, connectMs: null })
  })

  test('a name that leads to a forbidden address is "blocked-address"', async () => {
    let connections = 0
    const port = await listen(net.createServer(() => connections++))
    const result = await open(`http://localhost:${port}`, { allowed: [] }).send()
    expect(result).toMatchObject({ failure: 'blocked-address', detail: expect.stringContaining('loopback') })
    expect(connections).toBe(0)
  })

  test('a certificate that no authority signed is "tls", and no request is sent', async () => {
    let bytes = 0
    const server = tls.createServer(selfSigned, (socket) => void socket.on('data', (data) => (bytes += data.length)))
    const { send } = open(`https://127.0.0.1:${await listen(server.on('tlsClientError', () => {}))}`)
    expect(await send()).toMatchObject({ status: null, failure: 'tls', detail: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
    expect(bytes).toBe(0)
  })

  test('a certificate for another name is "tls"', async () => {
    const server = tls.createServer(selfSigned, (socket) => void socket.end(plainAnswer))
    const port = await listen(server.on('tlsClientError', () => {}))
    const connect = buildConnector({
      ca: selfSigned.cert,
      lookup: (_, __, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    })
    const sendTo = async (host: string) => {
      const client = new Pool(`https://${host}:${port}`, { connect })
      cleanUps.push(() => client.destroy())
      return deliver(client, call, 1_000)
    }
    expect(await sendTo('localhost')).toMatchObject({ status: 200, failure: null })
    expect(await sendTo('shop.example')).toMatchObject({ failure: 'tls', detail: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  })

  test('https to a port that speaks plain http is "tls"', async () => {
    const { receiver } = await start(plainAnswer, { onConnection: (socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n') })
    expect(await open(receiver.origin.replace('http', 'https')).send()).toMatchObject({ status: null, failure: 'tls' })
  })
})

describe('the deadline', () => {
  const deadlineMs = 300

  test('covers TLS', async () => {
    const port = await listen(net.createServer((socket) => socket.on('error', () => {})))
    const result = await open(`https://127.0.0.1:${port}`, { deadlineMs }).send()
    expect(result).toMatchObject({ status: null, failure: 'timeout', detail: '0.3 s', connectMs: null })
    expectDeadline(result, deadlineMs)
  })

  test('covers the wait for headers', async () => {
    const result = await callStrange(() => {}, { deadlineMs })
    expect(result).toMatchObject({ status: null, failure: 'timeout', detail: '0.3 s' })
    expectDeadline(result, deadlineMs)
  })

  test('covers headers that never end', async () => {
    const result = await callStrange((socket) => void drip(socket, ok(`x: ${'a'.repeat(500)}`), 20), {
      deadlineMs,
    })
    expect(result.failure).toBe('timeout')
    expectDeadline(result, deadlineMs)
  })

  test('covers a row of 103 that never ends', async () => {
    const result = await callStrange((socket) => void pour(socket, '', 'HTTP/1.1 103 Early Hints\r\n\r\n', 20), {
      deadlineMs,
    })
    expect(result.failure).toBe('timeout')
    expectDeadline(result, deadlineMs)
  })

  test('covers a request that is never read', async () => {
    const port = await listen(net.createServer((socket) => void socket.pause().on('error', () => {})))
    const { client } = open(`http://127.0.0.1:${port}`, { deadlineMs })
    const result = await deliver(client, { ...call, body: 'x'.repeat(20_000_000) }, deadlineMs)
    expect(result).toMatchObject({ failure: 'timeout' })
    expectDeadline(result, deadlineMs)
  })

  test('nothing is sent after it when the connection comes late', async () => {
    const { receiver } = await start(plainAnswer)
    const real = guardedConnector(loopback, 5_000)
    const client = new Pool(receiver.origin, {
      connect: (options, done) => void setTimeout(() => real(options, done), 500),
    })
    cleanUps.push(() => client.destroy())
    const result = await deliver(client, call, deadlineMs)
    expect(result).toMatchObject({ failure: 'timeout', connectMs: null })
    expectDeadline(result, deadlineMs)
    await sleep(500)
    expect(receiver).toMatchObject({ connections: 1, bytesIn: 0 })
  })

  test('nothing is sent after it when all connections were busy', async () => {
    const sockets: Socket[] = []
    const paths: string[] = []
    const server = net.createServer((socket) => {
      sockets.push(socket)
      socket.on('data', (data) => void paths.push(/^POST (\S+)/.exec(String(data))?.[1] ?? ''))
    })
    const { client } = open(`http://127.0.0.1:${await listen(server)}`)
    const busy = Array.from({ length: inFlightAtMost }, () => deliver(client, { ...call, path: '/busy' }, 2_000))
    const late = await deliver(client, { ...call, path: '/late' }, deadlineMs)
    expect(late).toMatchObject({ failure: 'timeout', connectMs: null })
    expectDeadline(late, deadlineMs)
    for (const socket of sockets) socket.write(plainAnswer)
    expect((await Promise.all(busy)).map(({ failure }) => failure)).toEqual(Array(inFlightAtMost).fill(null))
    await sleep(100)
    expect(paths).toEqual(Array(inFlightAtMost).fill('/busy'))
  })

  test('closes the connection', async () => {
    const sockets: Socket[] = []
    const { send } = await start(() => {}, { deadlineMs, onConnection: (socket) => void sockets.push(socket) })
    expect((await send()).failure).toBe('timeout')
    const [first] = sockets as [Socket]
    if (!first.destroyed) await once(first, 'close')
  })
})

test('what can’t be put into a request is "unsendable", not an exception', async () => {
  const { receiver, send } = await start(plainAnswer)
  for (const each of [{ headers: ['x-key', 'line\nbreak'] }, { headers: ['bad name', 'x'] }, { path: 'no slash' }])
    expect(await send(each)).toMatchObject({ status: null, failure: 'unsendable' })
  expect(receiver.bytesIn).toBe(0)
  expect(await send()).toMatchObject({ failure: null })
})

test('connections are kept and used again', async () => {
  const { receiver, send } = await start(plainAnswer)
  for (let i = 0; i < 20; i++) expect(await send()).toMatchObject({ status: 200 })
  // undici rests a connection for a turn of the event loop after each answer: a second one takes its place meanwhile.
  expect(receiver.connections).toBeLessThanOrEqual(2)
})

test('500 calls to the strangest receivers leave no exception and no connection behind', async () => {
  const answers = [
    '\0\x01',
    ok('content-length: -1\r\n\r\n'),
    'HTTP/1.1 101 X\r\n\r\n',
    plainAnswer,
    plainAnswer + plainAnswer,
  ]
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      const pick = Math.floor(Math.random() * (answers.length + 2))
      if (pick === answers.length) socket.resetAndDestroy()
      else if (pick === answers.length + 1) socket.end()
      else socket.write(answers[pick] as string)
    })
  })
  const { send, client } = open(`http://127.0.0.1:${await listen(server)}`, { deadlineMs: 200 })
  const results = await Promise.all(Array.from({ length: 500 }, () => send()))
  expect(results).toHaveLength(500)
  await client.destroy()
  await sleep(50)
  const count = await new Promise((resolve) => server.getConnections((_, number) => resolve(number)))
  expect(count).toBe(0)
})

function expectDeadline({ durationMs }: CallResult, deadlineMs: number) {
  expect(durationMs).toBeGreaterThanOrEqual(deadlineMs - 5)
  expect(durationMs).toBeLessThan(deadlineMs + 1_000)
}

async function listen(server: net.Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy()
    if (server.listening) server.close()
  })
  return (server.address() as AddressInfo).port
}

/** Sends `text` byte by byte. */
async function drip(socket: Socket, text: string, everyMs: number): Promise<void> {
  for (const byte of text) {
    if (socket.destroyed) return
    socket.write(byte)
    await sleep(everyMs)
  }
}

/** Sends `head`, then `piece` for ever. */
async function pour(socket: Socket, head: string, piece: string, everyMs = 0): Promise<void> {
  socket.write(head)
  while (!socket.destroyed) {
    if (!socket.write(piece)) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => {})
    await sleep(everyMs)
  }
}
