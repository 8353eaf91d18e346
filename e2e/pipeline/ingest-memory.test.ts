import net from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeSender, openPipeline, someEvent, type TestPipeline, until } from '../fixtures/processes/pipeline'
import { type Child, endChildren, startChild } from '../fixtures/processes/pipeline-child'

// How much of a process's memory unfinished request bodies may hold.

const mebibyte = 1024 * 1024

let hub: TestPipeline
let child: Child
beforeAll(async () => {
  hub = await openPipeline()
  child = await startChild({ url: hub.url, web: true }, { execArgv: ['--expose-gc', '--import', 'tsx'] })
})
afterAll(async () => {
  await endChildren()
  await hub.close()
})

/** Sends 4 of 5 MiB and then stops. `status`: the status of an answer that comes meanwhile. */
function sendMost(key: string): { socket: net.Socket; status: () => string | undefined } {
  const socket = net.connect(child.port, '127.0.0.1')
  let answer = ''
  socket.on('error', () => {}).on('data', (chunk) => (answer += chunk))
  const length = `content-length: ${5 * mebibyte}`
  socket.write(
    `POST /api/v1/events HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n${length}\r\n\r\n`,
  )
  socket.write(Buffer.alloc(4 * mebibyte, ' '))
  return { socket, status: () => /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] }
}

test('200 slow connections of one key take at most 100 MB, and past its 16 MiB are answered 503 with Retry-After', async () => {
  const slow = await makeSender(hub)
  const other = await makeSender(hub)
  for (let i = 0; i < 20; i++) await child.post(other.key, someEvent())
  const before = await child.memory()
  const connections = Array.from({ length: 200 }, () => sendMost(slow.key))
  await until(() => connections.filter(({ status }) => status() === '503').length >= 196, 60_000)
  expect((await child.memory()).peakRss - before.rss).toBeLessThan(100 * 1e6)
  const refused = await child.post(slow.key, `${JSON.stringify(someEvent())}${' '.repeat(5 * mebibyte - 1000)}`)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect((await child.post(other.key, someEvent())).status).toBe(202)
  // The bytes of a connection that ends are released.
  for (const { socket } of connections) socket.destroy()
  await until(async () => {
    const { status } = await child.post(slow.key, `${JSON.stringify(someEvent())}${' '.repeat(4 * mebibyte)}`)
    return status === 202
  })
  expect(child.log()).toBe('')
}, 120_000)
