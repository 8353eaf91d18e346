import { once } from 'node:events'
import net, { type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import {
  atEnd,
  call,
  callStrange,
  expectDeadline,
  listen,
  loopback,
  open,
  start,
} from '@/e2e/fixtures/receivers/calling'
import { neverEnding, ok } from '@/e2e/fixtures/receivers/strange-answers'
import { plainAnswer } from '@/e2e/fixtures/receivers/strange-receiver'
import { CallPool } from './call-pool'
import { deliver } from './deliver'
import { guardedConnector } from './guarded-connector'
import { inFlightAtMost } from './targets'

describe('the deadline', () => {
  const deadlineMs = 300

  test('covers TLS', async () => {
    const port = await listen(net.createServer((socket) => socket.on('error', () => {})))
    const result = await open(`https://127.0.0.1:${port}`, { deadlineMs }).send()
    expect(result).toMatchObject({ status: null, failure: 'timeout', detail: '0.3 s', connectMs: null })
    expectDeadline(result, deadlineMs)
  })

  test.each(neverEnding)('ends %s', async (_, first) => {
    const result = await callStrange(first, { deadlineMs })
    expect(result).toMatchObject({ failure: 'timeout', detail: '0.3 s' })
    expectDeadline(result, deadlineMs)
  })

  test('keeps what came of a body that stops half-way', async () => {
    const result = await callStrange(ok('content-length: 10\r\n\r\nhalf'), { deadlineMs })
    expect(result).toMatchObject({ status: 200, failure: 'timeout', responseBody: 'half', responseBytes: 4 })
    expectDeadline(result, deadlineMs)
  })

  test('covers a request that is never read', async () => {
    const port = await listen(net.createServer((socket) => void socket.pause().on('error', () => {})))
    const { client } = open(`http://127.0.0.1:${port}`, { deadlineMs })
    const result = await deliver(client, { ...call, body: 'x'.repeat(20_000_000) }, deadlineMs)
    expect(result).toMatchObject({ failure: 'timeout' })
    expectDeadline(result, deadlineMs)
  })

  test('nothing is sent after the deadline when the connection comes late', async () => {
    const { receiver } = await start(plainAnswer)
    const real = guardedConnector({ allowed: loopback }, 5_000)
    const client = new CallPool(receiver.origin, {
      connect: (options, done) => void setTimeout(() => real(options, done), 500),
    })
    atEnd(() => client.destroy())
    const result = await deliver(client, call, deadlineMs)
    expect(result).toMatchObject({ failure: 'timeout', connectMs: null })
    expectDeadline(result, deadlineMs)
    await sleep(500)
    expect(receiver).toMatchObject({ connections: 1, bytesIn: 0 })
  })

  test('nothing is sent after the deadline when all connections were busy', async () => {
    const sockets: Socket[] = []
    const paths: string[] = []
    const server = net.createServer((socket) => {
      sockets.push(socket)
      socket.on('data', (data) => void paths.push(/^POST (\S+)/.exec(String(data))?.[1] ?? ''))
    })
    const { client } = open(`http://127.0.0.1:${await listen(server)}`)
    const busy = Array.from({ length: inFlightAtMost }, () => deliver(client, { ...call, path: '/busy' }, 10_000))
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
