import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { ConfigurationError } from '../env'
import { createHttpServer, type HttpServer } from './http-server'

const HOST = '127.0.0.1'
const listenAnywhere = async () => {
  const http = createHttpServer()
  await http.listen(0, HOST)
  return { http, port: portOf(http) }
}
const portOf = ({ server }: HttpServer) => (server.address() as net.AddressInfo).port

test('answers 503 until it is told what answers', async () => {
  const { http, port } = await listenAnywhere()
  expect((await fetch(`http://${HOST}:${port}`)).status).toBe(503)
  http.answerWith((_request, response) => void response.end('here'))
  expect(await (await fetch(`http://${HOST}:${port}`)).text()).toBe('here')
  await http.close()
})

test('names the port that is taken', async () => {
  const { http, port } = await listenAnywhere()
  const error = await createHttpServer()
    .listen(port, HOST)
    .catch((error) => error)
  expect(error).toBeInstanceOf(ConfigurationError)
  expect(error.message).toBe(`Port ${port} on 127.0.0.1 is taken: stop what uses it, or set PORT`)
  await http.close()
})

test('lets a running request end while it closes, and then its kept connection', async () => {
  const { http, port } = await listenAnywhere()
  http.answerWith(async (_request, response) => {
    await sleep(300)
    response.end('finished')
  })
  const running = fetch(`http://${HOST}:${port}`)
  await sleep(100)
  const closed = http.close()
  await expect(fetch(`http://${HOST}:${port}`)).rejects.toThrow()
  expect(await (await running).text()).toBe('finished')
  await closed
})

test('refuses to switch protocols', async () => {
  const { http, port } = await listenAnywhere()
  const socket = net.connect(port, HOST)
  socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 400 /)
  await once(socket, 'close')
  await http.close()
})

test('a request that takes longer than 60 s to arrive ends with 408, and 2,000 connections are the most', async () => {
  const { server } = createHttpServer()
  expect([server.requestTimeout, server.maxConnections]).toEqual([60_000, 2_000])

  const http = createHttpServer({ times: { requestTimeout: 300, connectionsCheckingInterval: 50 } })
  await http.listen(0, HOST)
  let failed: unknown
  http.answerWith((request) => void request.on('data', () => {}).on('error', (error) => (failed = error)))
  const socket = net.connect(portOf(http), HOST)
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nthe first of a hundred')
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 408 /)
  await once(socket, 'close')
  expect(failed).toBeInstanceOf(Error)
  await http.close()
})

test('one connection more than it takes is closed, the others are answered', async () => {
  const { http, port } = await listenAnywhere()
  http.server.maxConnections = 2
  http.answerWith((_request, response) => void response.end('here'))
  const kept = [net.connect(port, HOST), net.connect(port, HOST)]
  await Promise.all(kept.map((socket) => once(socket, 'connect')))
  const third = net.connect(port, HOST)
  await once(third, 'close')
  kept[0]?.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  expect(String((await once(kept[0] as net.Socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 /)
  for (const socket of kept) socket.destroy()
  await http.close()
})
