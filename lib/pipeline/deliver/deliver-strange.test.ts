import net, { type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import tls from 'node:tls'
import { describe, expect, test, vi } from 'vitest'
import { selfSigned } from '@/e2e/fixtures/network/self-signed'
import { atEnd, call, callStrange, listen, open, start } from '@/e2e/fixtures/receivers/calling'
import { endsWith, failing, ok, succeeding } from '@/e2e/fixtures/receivers/strange-answers'
import { plainAnswer, startStrangeReceiver } from '@/e2e/fixtures/receivers/strange-receiver'
import { CallPool } from './call-pool'
import { deliver } from './deliver'
import { buildConnector } from './undici'

describe('a strange receiver costs one failed call of the right class, and the next call is fine:', () => {
  test.each(failing)('%s is "%s"', async (_, failure, first) => {
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

  test.each([
    ['ends', (socket: Socket) => void socket.end()],
    ['resets', (socket: Socket) => void socket.resetAndDestroy()],
  ])('whoever %s the connection at once is "reset", each time', async (_, close) => {
    const { send } = open(`http://127.0.0.1:${await listen(net.createServer(close))}`)
    for (let i = 0; i < 50; i++) expect(await send()).toMatchObject({ status: null, failure: 'reset' })
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
  test.each(succeeding)('%s', async (_, first, body) => {
    const result = await callStrange(first)
    expect(result.failure).toBeNull()
    if (typeof body === 'string') expect(result.responseBody).toBe(body)
    else expect(result.responseBody).toMatch(body)
  })

  test('100 that was not asked for, over TLS', async () => {
    const server = tls.createServer(selfSigned, (socket) => {
      socket.on('data', () => socket.write(`HTTP/1.1 100 Continue\r\n\r\n${plainAnswer}`))
    })
    const connect = buildConnector({ ca: selfSigned.cert })
    const client = new CallPool(`https://localhost:${await listen(server)}`, { connect })
    atEnd(() => client.destroy())
    for (let i = 0; i < 2; i++)
      expect(await deliver(client, call, 1_000)).toMatchObject({ status: 200, failure: null, responseBody: 'fine' })
  })
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
    atEnd(() => receiver.close())
    const { client } = open(receiver.origin, { connections: 1 })
    const results = await Promise.all([1, 2, 3].map(() => deliver(client, call, 1_000)))
    expect(results.map(({ status }) => status)).toEqual([200, 200, 200])
  })
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
  const connections = () => new Promise((resolve) => server.getConnections((_, number) => resolve(number)))
  await vi.waitFor(async () => expect(await connections()).toBe(0), 5_000)
})
