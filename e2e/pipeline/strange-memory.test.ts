import { once } from 'node:events'
import net, { type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readId } from '@/lib/type-id'
import { drainSettings, makeLocalWebhook, makeSender, someEvent, until } from '../fixtures/processes/pipeline'
import { type Child, endChildren, startChild } from '../fixtures/processes/pipeline-child'
import { openTestHub } from '../fixtures/processes/test-hub'
import { gzipBomb, ok, pour } from '../fixtures/receivers/strange-answers'
import { plainAnswer } from '../fixtures/receivers/strange-receiver'

// The memory of a drain while a hundred receivers at once send it far more than it reads.

const receivers = 100
const mebibyte = 1024 * 1024

const pipeline = await openTestHub({ keepWork: true })
let child: Child
let sender: Awaited<ReturnType<typeof makeSender>>
let server: net.Server
let answer: (socket: Socket) => void
beforeAll(async () => {
  const drain = { settings: drainSettings(pipeline.url, receivers) }
  child = await startChild({ url: pipeline.url, drain }, { execArgv: ['--expose-gc', '--import', 'tsx'] })
  server = net.createServer((socket) => socket.on('error', () => {}).on('data', () => answer(socket)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  sender = await makeSender(pipeline)
  for (let i = 0; i < receivers; i++) await makeLocalWebhook(pipeline, sender, { url: `${url}/${i}`, retries: 0 })
  // Warms up: loaded code and the configuration of webhooks are not part of the figure.
  for (let i = 0; i < 3; i++) await callAll(plain)
}, 120_000)
afterAll(async () => {
  await endChildren()
  server.close()
})

/** Posts one event to a hundred webhooks. Returns the results when all were called. */
async function callAll(send: (socket: Socket) => void) {
  answer = send
  const { body } = await pipeline.post(sender.key, someEvent())
  const id = readId('event', body.events[0]?.id ?? '')
  const own = 'calls where delivery_id in (select id from deliveries where event_id = $1)'
  await until(async () => (await pipeline.count(own, [id])) === receivers, 60_000)
  return pipeline.rows<{ failure: string | null; bytes: number; kept: number; n: number }>(
    `select failure, count(*)::int as n, max(response_bytes)::int as bytes, max(length(response_body)) as kept
     from ${own} group by failure`,
    [id],
  )
}

const head = (status: string) => `HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\n`
const piece = 'x'.repeat(64 * 1024)
const chunked = 'transfer-encoding: chunked\r\n\r\n'
const longHeader = `x: ${'a'.repeat(1000)}\r\n`
const chunk = `10000\r\n${piece}\r\n`

const plain = (socket: Socket) => void socket.write(plainAnswer)
/** As long as the part of a failed answer that is stored, which is copied several times on its way to the database. */
const errorPage = (socket: Socket) =>
  void socket.write(`${head('500 No')}content-length: ${piece.length}\r\n\r\n${piece}`)

test.each<[string, (socket: Socket) => void, string | null, ((socket: Socket) => void)?]>([
  ['endless bodies', (socket) => void pour(socket, `${head('200 OK')}\r\n`, piece), null],
  ['bodies of endless chunks', (socket) => void pour(socket, `${head('200 OK')}${chunked}`, chunk), null],
  ['gzip bombs', (socket) => void socket.write(gzipBomb), null],
  ['headers that never end', (socket) => void pour(socket, ok(''), longHeader), 'too-many-headers'],
  [
    'endless error pages, compared with pages of 64 KiB,',
    (socket) => void pour(socket, `${head('500 No')}\r\n`, piece),
    'status',
    errorPage,
  ],
])('a hundred %s at once take at most 20 MB', { timeout: 180_000 }, async (_, send, failure, likewise) => {
  const grown: number[] = []
  for (let round = 0; round < 3; round++) {
    await callAll(likewise ?? plain)
    const before = await child.memory()
    const calls = await callAll(send)
    const { peakRss } = await child.memory()
    grown.push((peakRss - (likewise ? before.peakRss : before.rss)) / mebibyte)
    expect(calls).toMatchObject([{ failure, n: receivers }])
    expect(calls[0]?.kept).toBeLessThanOrEqual(failure === null ? 4 * 1024 : 64 * 1024)
    expect(calls[0]?.bytes).toBeLessThan(256 * 1024)
  }
  // The median, because the time of a garbage collection is random.
  expect(grown.sort((a, b) => a - b)[1], String(grown)).toBeLessThan(20)
})
