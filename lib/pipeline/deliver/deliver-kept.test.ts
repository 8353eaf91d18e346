import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { start } from '@/e2e/fixtures/receivers/calling'
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
