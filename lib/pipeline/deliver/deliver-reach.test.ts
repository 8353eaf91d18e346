import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import { buildConnector } from 'undici'
import { describe, expect, test } from 'vitest'
import { selfSigned } from '@/e2e/fixtures/network/self-signed'
import { atEnd, call, listen, loopback, open, start } from '@/e2e/fixtures/receivers/calling'
import { plainAnswer } from '@/e2e/fixtures/receivers/strange-receiver'
import type { AddressRange } from './address-guard'
import { CallPool } from './call-pool'
import { deliver } from './deliver'
import { openClient } from './targets'

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

  test('a scheme or port that the operator does not allow is "blocked-url" for public addresses alone', async () => {
    const port = await listen(net.createServer((socket) => void socket.once('data', () => socket.end(plainAnswer))))
    const sendTo = (host: string, allowed: AddressRange[]) => {
      const client = openClient(`http://${host}:${port}`, { allowed, blockedUrl: `port ${port}` }, 5_000)
      atEnd(() => client.destroy())
      return deliver(client, call, 5_000)
    }
    expect(await sendTo('93.184.215.14', loopback)).toMatchObject({ failure: 'blocked-url', detail: `port ${port}` })
    expect(await sendTo('127.0.0.1', [])).toMatchObject({ failure: 'blocked-address' })
    expect(await sendTo('127.0.0.1', loopback)).toMatchObject({ status: 200, failure: null })
    expect(await sendTo('localhost', loopback)).toMatchObject({ status: 200, failure: null })
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
      const client = new CallPool(`https://${host}:${port}`, { connect })
      atEnd(() => client.destroy())
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
