import { expect, test } from 'vitest'
import { openMessageReader } from './message-reader'

const one = 'POST /a HTTP/1.1\r\nContent-Length: 5\r\nwebhook-id: x\r\n\r\nhello'
const two = 'POST /b HTTP/1.1\r\ncontent-length: 4\r\n\r\n\r\n\r\n'
const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'
const emptyChunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'
const bare = 'HTTP/1.1 204 No Content\r\n\r\n'
const all = [one, two, chunked, emptyChunked, bare]

function read(parts: string[]): string[] {
  const heads: string[] = []
  const reader = openMessageReader((head) => heads.push(head.split('\r\n')[0] as string))
  for (const part of parts) reader(Buffer.from(part, 'latin1'))
  return heads
}

const firstLines = all.map((message) => message.split('\r\n')[0])

test('finds every message of one chunk', () => {
  expect(read([all.join('')])).toEqual(firstLines)
})

test('finds every message wherever the stream is cut', () => {
  const stream = all.join('')
  for (let size = 1; size < stream.length; size++) {
    const parts = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
      stream.slice(i * size, (i + 1) * size),
    )
    expect(read(parts)).toEqual(firstLines)
  }
})

test('waits for a body that has not arrived whole', () => {
  expect(read([one.slice(0, -1)])).toEqual([])
})

test('passes on the body of a message that has a length', () => {
  const bodies: string[] = []
  const reader = openMessageReader((_, body) => bodies.push(body))
  for (const part of [one.slice(0, -2), one.slice(-2) + two]) reader(Buffer.from(part, 'latin1'))
  expect(bodies).toEqual(['hello', '\r\n\r\n'])
})
