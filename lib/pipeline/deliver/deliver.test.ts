import type { Socket } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { call, callStrange, start } from '@/e2e/fixtures/receivers/calling'
import { gzipBomb, ok, pour } from '@/e2e/fixtures/receivers/strange-answers'
import { plainAnswer } from '@/e2e/fixtures/receivers/strange-receiver'
import { deliver } from './deliver'

// One call and what is kept of its answer. Beside it: deliver-strange, deliver-reach, deliver-deadline, deliver-kept.

test('a plain answer is a success, with its headers, body and timings', async () => {
  const { send } = await start('HTTP/1.1 204 No Content\r\nX-Seen: yes\r\n\r\n')
  const result = await send()
  expect(result).toMatchObject({ status: 204, failure: null, detail: null, responseHeaders: ['X-Seen', 'yes'] })
  expect(result.connectMs).toBeGreaterThanOrEqual(0)
  expect(result.firstByteMs).toBeGreaterThanOrEqual(result.connectMs as number)
  expect(result.durationMs).toBeGreaterThanOrEqual(result.firstByteMs as number)
})

describe('the body', () => {
  test('an endless body is cut, its connection closed, and memory stays flat', async () => {
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

  test('of an endless body of a failure 64 KiB are kept', async () => {
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

  test('a gzip bomb is not inflated', async () => {
    const before = process.memoryUsage().arrayBuffers
    const result = await callStrange(gzipBomb)
    expect(result).toMatchObject({ status: 200, failure: null })
    expect(result.responseBytes).toBeLessThanOrEqual(gzipBomb.length)
    expect(result.responseBody).toBe('compressed, more than 65536 bytes')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024)
  })

  const squeezed = gzipSync('{"error":"no such ticket"}')
  test.each([
    ['gzip', squeezed],
    ['br', brotliCompressSync('{"error":"no such ticket"}')],
    ['deflate, gzip', squeezed],
    [undefined, squeezed],
  ])('compressed by %s is kept as its size, and never as broken text', async (encoding, bytes) => {
    const line = encoding ? `content-encoding: ${encoding}\r\n` : ''
    for (const status of ['200 OK', '422 No']) {
      const head = `HTTP/1.1 ${status}\r\n${line}content-length: ${bytes.length}\r\n\r\n`
      const result = await callStrange(Buffer.concat([Buffer.from(head), bytes]))
      expect(result).toMatchObject({ responseBody: `compressed, ${bytes.length} bytes`, responseBytes: bytes.length })
    }
  })

  test('compressed and cut anywhere on its way is kept as its size too', async () => {
    const result = await callStrange((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${squeezed.length}\r\n\r\n`)
      socket.write(squeezed.subarray(0, 1), () => setTimeout(() => socket.write(squeezed.subarray(1)), 20))
    })
    expect(result).toMatchObject({ responseBody: `compressed, ${squeezed.length} bytes` })
  })

  test('that is said to be “identity”, or empty, is kept as it is', async () => {
    expect(await callStrange(ok('content-encoding: identity\r\ncontent-length: 4\r\n\r\nfine'))).toMatchObject({
      responseBody: 'fine',
    })
    expect(await callStrange(ok('content-encoding: gzip\r\ncontent-length: 0\r\n\r\n'))).toMatchObject({
      responseBody: '',
    })
  })

  test('bytes that are no text are kept so that PostgreSQL can store them', async () => {
    const { responseBody } = await callStrange(
      Buffer.concat([Buffer.from(ok('content-length: 4\r\n\r\n')), Buffer.from([0x61, 0, 0xff, 0xed])]),
    )
    expect(responseBody).toBe('a\ufffd\ufffd\ufffd')
  })
})

describe('the headers', () => {
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

test('what can’t be put into a request is "unsendable", not an exception', async () => {
  const { receiver, send } = await start(plainAnswer)
  for (const each of [{ headers: ['x-key', 'line\nbreak'] }, { headers: ['bad name', 'x'] }, { path: 'no slash' }])
    expect(await send(each)).toMatchObject({ status: null, failure: 'unsendable' })
  expect(receiver.bytesIn).toBe(0)
  expect(await send()).toMatchObject({ failure: null })
})

test.each([
  ['302 Found', null],
  ['303 See Other', null],
  ['304 Not Modified', null],
  ['200 OK', null],
  ['404 Not Found', 'status'],
])('where success is “2xx or 3xx”, %s is %s, and no redirect is followed', async (status, failure) => {
  const { client, receiver } = await start(`HTTP/1.1 ${status}\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n`)
  expect(await deliver(client, call, 5_000, '2xx-3xx')).toMatchObject({ failure, detail: null })
  expect(receiver.requests).toHaveLength(1)
})

test.each([
  ['webhook-delivery: abort-message', 'abort-message'],
  ['Webhook-Delivery:  Disable ', 'disable'],
  ['webhook-delivery: pause', undefined],
  ['x-webhook-delivery: disable', undefined],
])('the header “%s” asks for %s', async (line, asked) => {
  for (const status of ['200 OK', '500 No'])
    expect((await callStrange(`HTTP/1.1 ${status}\r\n${line}\r\ncontent-length: 0\r\n\r\n`)).asked).toBe(asked)
})
