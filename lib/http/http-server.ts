import http, { type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { ConfigurationError } from '../env'
import { answerAway } from './away'

/** How long running requests may take once the hub stops. */
const patienceMs = 10_000

const bounds = {
  // Longer than a load balancer keeps an idle connection, which otherwise meets a closed one now and then.
  keepAliveTimeout: 65_000,
  // From the first byte of a request to the last of its body; then 408.
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5_000,
}
const connectionsAtMost = 2_000

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

export type HttpServer = {
  server: http.Server
  /** Sets what answers. Until then every request gets 503, to be tried again in 2 s. */
  answerWith(listener: http.RequestListener): void
  /** Throws ConfigurationError when the port is taken or may not be used. */
  listen(port: number, host: string): Promise<void>
  /** Takes no new connection, lets running requests end (10 s at most), closes the rest. */
  close(): Promise<void>
}

/**
 * `onUpgrade`: takes requests to switch protocols, in development. Without, they are refused. `times` in milliseconds are
 * for tests.
 */
export function createHttpServer({
  onUpgrade,
  times = bounds,
}: {
  onUpgrade?: UpgradeListener
  times?: Partial<typeof bounds>
} = {}): HttpServer {
  const server = http.createServer({ ...bounds, ...times })
  server.maxConnections = connectionsAtMost
  const upgraded = new Set<Duplex>()
  let answer: http.RequestListener = answerAway
  let closing = false
  server.on('request', (request, response) => {
    if (closing) response.setHeader('connection', 'close')
    answer(request, response)
  })
  server.on('upgrade', (request, socket, head) => {
    if (!onUpgrade) return void socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    onUpgrade(request, socket, head)
  })
  return {
    server,
    answerWith(listener) {
      answer = listener
    },
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        const refuse = (error: NodeJS.ErrnoException) => reject(explain(error, port, host))
        server.once('error', refuse).listen(port, host, () => {
          server.off('error', refuse)
          resolve()
        })
      }),
    close: () =>
      new Promise((resolve) => {
        closing = true
        const timer = setTimeout(() => server.closeAllConnections(), patienceMs)
        // A connection is idle only after its running request: those are closed as they become so.
        const sweep = setInterval(() => server.closeIdleConnections(), 50)
        server.close(() => {
          clearTimeout(timer)
          clearInterval(sweep)
          resolve()
        })
        // No request's end would close these.
        for (const socket of upgraded) socket.destroy()
      }),
  }
}

function explain(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code === 'EADDRINUSE')
    return new ConfigurationError(`Port ${port} on ${host} is taken: stop what uses it, or set PORT`)
  return new ConfigurationError(`Hearback cannot listen on HOST=${host} PORT=${port}: ${error.code}`)
}
