import net, { type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { expectDeadline, listen, open, start } from '@/e2e/fixtures/receivers/calling'
import { plainAnswer } from '@/e2e/fixtures/receivers/strange-receiver'
import { inFlightAtMost } from './targets'

afterEach(() => {
  vi.useRealTimers()
})

test('connections are kept and used again', async () => {
  const { receiver, send } = await start(plainAnswer)
  for (let i = 0; i < 20; i++) expect(await send()).toMatchObject({ status: 200 })
  // undici rests a connection for a turn of the event loop after each answer: a second one takes its place meanwhile.
  expect(receiver.connections).toBeLessThanOrEqual(2)
})

test.each([1, inFlightAtMost])(
  'a connection lives at most 5 min, with %i calls in flight all the time',
  async (inFlight) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const used: { socket: Socket; at: number }[] = []
    const { send } = await start(plainAnswer, {
      onConnection: (socket) => void socket.on('data', () => used.push({ socket, at: performance.now() })),
    })
    let over = false
    const loops = Array.from({ length: inFlight }, async () => {
      while (!over) expect(await send()).toMatchObject({ status: 200 })
    })
    await sleep(500)
    const old = new Set(used.map(({ socket }) => socket))
    vi.setSystemTime(Date.now() + 5 * 60_000 + 1)
    const jumped = performance.now()
    await sleep(1_000)
    over = true
    await Promise.all(loops)
    const late = used.filter(({ at }) => at > jumped + 300)
    expect(late.length).toBeGreaterThan(inFlight)
    expect(late.filter(({ socket }) => old.has(socket))).toHaveLength(0)
  },
)

test('an idle connection lives at most 60 s, however long its receiver would keep it', async () => {
  let closed = false
  const { send } = await start('HTTP/1.1 200 OK\r\nkeep-alive: timeout=600\r\ncontent-length: 0\r\n\r\n', {
    onConnection: (socket) => void socket.on('close', () => (closed = true)),
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  expect(await send()).toMatchObject({ status: 200 })
  await vi.advanceTimersByTimeAsync(55_000)
  await sleep(100)
  expect(closed).toBe(false)
  await vi.advanceTimersByTimeAsync(7_000)
  vi.useRealTimers()
  await vi.waitFor(() => expect(closed).toBe(true), 5_000)
})

/** A receiver that answers the first request of each connection, and does `then` at the second. */
async function startClosing(
  then: (socket: Socket) => void,
  onConnection: (socket: Socket, n: number) => void = () => {},
) {
  const received: { connection: number; bytes: string }[] = []
  let connections = 0
  const server = net.createServer((socket) => {
    const connection = ++connections
    let requests = 0
    onConnection(socket, connection)
    socket.on('data', (bytes) => {
      received.push({ connection, bytes: bytes.toString() })
      if (++requests === 1) socket.write(plainAnswer)
      else then(socket)
    })
  })
  return { origin: `http://127.0.0.1:${await listen(server)}`, received }
}

const resets = (socket: Socket) => void socket.resetAndDestroy()

describe('a kept connection that turns out to be closed', () => {
  test.each([
    ['reset', resets],
    ['ended', (socket: Socket) => void socket.end()],
  ])('is no failure: %s, the request is sent once more on a new one, and the call says so', async (_, close) => {
    const { origin, received } = await startClosing(close)
    const { send } = open(origin, { connections: 1 })
    expect(await send()).toMatchObject({ status: 200, reconnected: false })
    const again = await send()
    expect(again).toMatchObject({ status: 200, failure: null, responseBody: 'fine', reconnected: true })
    expect(again.connectMs).toBeGreaterThanOrEqual(0)
    expect(received.map(({ connection }) => connection)).toEqual([1, 1, 2])
    expect(received[2]?.bytes).toBe(received[1]?.bytes)
  })

  test('is opened again without a second request when its receiver closed it before the call', async () => {
    let first: Socket | undefined
    const { origin, received } = await startClosing(resets, (socket) => (first ??= socket))
    const { send } = open(origin, { connections: 1 })
    expect(await send()).toMatchObject({ status: 200 })
    first?.end()
    await sleep(20)
    expect(await send()).toMatchObject({ status: 200, failure: null, reconnected: false })
    expect(received.map(({ connection }) => connection)).toEqual([1, 2])
  })

  test('is tried once more, and not twice', async () => {
    const { origin, received } = await startClosing(resets, (socket, n) => {
      if (n > 1) socket.on('data', () => socket.resetAndDestroy())
    })
    const { send } = open(origin, { connections: 1 })
    expect(await send()).toMatchObject({ status: 200 })
    expect(await send()).toMatchObject({ status: null, failure: 'reset', reconnected: true })
    expect(received).toHaveLength(3)
  })

  test.each([
    ['the first byte of an answer', 'H'],
    ['an interim answer', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ])('is a failure after %s', async (_, bytes) => {
    const { origin, received } = await startClosing(
      (socket) => void socket.write(bytes, () => setTimeout(() => socket.resetAndDestroy(), 20)),
    )
    const { send } = open(origin, { connections: 1 })
    expect(await send()).toMatchObject({ status: 200 })
    expect(await send()).toMatchObject({ status: null, failure: 'reset', reconnected: false })
    expect(received).toHaveLength(2)
  })

  test('is tried again within the deadline of the call', async () => {
    const { origin } = await startClosing(resets, (socket, n) => {
      if (n > 1) socket.pause()
    })
    const { send } = open(origin, { connections: 1, deadlineMs: 300 })
    expect(await send()).toMatchObject({ status: 200 })
    const late = await send()
    expect(late).toMatchObject({ status: null, failure: 'timeout', reconnected: true })
    expectDeadline(late, 300)
  })
})
