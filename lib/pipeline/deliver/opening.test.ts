import tls from 'node:tls'
import { expect, test } from 'vitest'
import { selfSigned } from '@/e2e/fixtures/network/self-signed'
import { atEnd, call, listen, open } from '@/e2e/fixtures/receivers/calling'
import { startReceiver } from '@/e2e/fixtures/receivers/receiver'
import { plainAnswer } from '@/e2e/fixtures/receivers/strange-receiver'
import { CallPool } from './call-pool'
import { deliver } from './deliver'
import { buildConnector } from './undici'

test('the call that opens a connection has the times of opening it, and a later one only its address', async () => {
  const receiver = await startReceiver()
  atEnd(() => receiver.close())
  const { send } = open(receiver.url, { connections: 1 })
  const first = await send()
  expect(first.opened).toEqual({ address: '127.0.0.1', tcpMs: expect.any(Number) })
  expect(first.opened?.tcpMs).toBeLessThanOrEqual(first.connectMs as number)
  expect((await send()).opened).toEqual({ address: '127.0.0.1' })
})

test('over TLS a call has the look-up, the version and the end of the certificate, a resumed session too', async () => {
  const server = tls.createServer(selfSigned, (socket) => void socket.on('data', () => socket.write(plainAnswer)))
  const port = await listen(server)
  const connect = buildConnector({
    ca: selfSigned.cert,
    lookup: (_, __, done) => setTimeout(() => done(null, [{ address: '127.0.0.1', family: 4 }]), 20),
  })
  const client = new CallPool(`https://localhost:${port}`, { connect })
  atEnd(() => client.destroy())
  const kept = { address: '127.0.0.1', tlsVersion: '1.3', certificateEnds: '2120-01-01T00:00:00.000Z' }
  const measured = { ...kept, dnsMs: expect.any(Number), tcpMs: expect.any(Number), tlsMs: expect.any(Number) }
  const { opened, connectMs } = await deliver(client, call, 1_000)
  expect(opened).toEqual(measured)
  const { dnsMs = 0, tcpMs = 0, tlsMs = 0 } = opened ?? {}
  expect(dnsMs).toBeGreaterThan(15)
  expect(dnsMs + tcpMs + tlsMs).toBeLessThanOrEqual((connectMs as number) + 1)
  // The first connection is not free yet, so that a second one is opened.
  expect((await deliver(client, call, 1_000)).opened).toEqual(measured)
})

test('a call whose connection is refused has no time of connecting', async () => {
  const { opened, failure } = await open('http://127.0.0.1:1').send()
  expect({ opened, failure }).toEqual({ opened: {}, failure: 'refused' })
})
