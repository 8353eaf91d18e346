import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { type Duplex, Transform } from 'node:stream'
import { discardBody, paceBody } from '../http/pace-body'

// Streams a request to the process of the pages and its answer back. Neither side waits for the whole of a body, and an
// end that breaks off breaks off the other.

/** The process of the pages did not answer, or broke off before the first byte of its answer. */
export class PagesAwayError extends Error {}
/** The body is longer than `limit` bytes. */
export class BodyTooLongError extends Error {}

/** RFC 9110, 7.6.1: these are for one connection. `expect` was answered by Node before the request got here. */
const ofOneConnection = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

const without = <T extends object>(headers: T, names: readonly string[]): T => {
  const rest = { ...headers }
  for (const name of names) delete rest[name as keyof T]
  return rest
}

// That process closes no connection, so none is taken up just as it ends.
const connections = new http.Agent({ keepAlive: true, maxFreeSockets: 16 })

type Forwarded = {
  socketPath: string
  /** Bytes of the request's body. A request without a body has 0. */
  limit: number
}

/**
 * Answers a request with what the process of the pages answers. Resolves when the answer was sent or the client has gone.
 * Throws PagesAwayError or BodyTooLongError when no byte of an answer was sent; later failures end the connection.
 */
export function forward(request: IncomingMessage, response: ServerResponse, options: Forwarded): Promise<void> {
  const { socketPath, limit } = options
  return new Promise((resolve, reject) => {
    // A GET's body is dropped: without its length header it would be read as another request.
    const own = without(request.headers, limit > 0 ? ofOneConnection : [...ofOneConnection, 'content-length'])
    const { method, url: path } = request
    const upstream = http.request({ socketPath, agent: connections, method, path, headers: own })
    const fail = (error: Error) => {
      upstream.destroy()
      if (response.headersSent) response.destroy()
      else reject(error)
      resolve()
    }
    upstream.on('response', (answer) => {
      // What the response has already (the security headers) is not for the pages to say.
      const ours = [...ofOneConnection, ...response.getHeaderNames()]
      response.writeHead(answer.statusCode ?? 502, without(answer.headers, ours))
      answer.on('error', () => response.destroy())
      answer.pipe(response)
    })
    upstream.on('error', (error) => fail(new PagesAwayError(error.message)))
    response.on('close', () => {
      // What is left of a body that was answered before its end is nobody's, and the next request comes after it.
      request.unpipe()
      discardBody(request)
      if (!upstream.writableFinished || !response.writableFinished) upstream.destroy()
      resolve()
    })
    if (limit === 0) return void upstream.end()
    const bounded = countBytes(limit)
    bounded.on('error', fail)
    request.on('error', () => upstream.destroy())
    request.on('data', paceBody(request)).pipe(bounded).pipe(upstream)
  })
}

function countBytes(limit: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _, next) {
      bytes += chunk.length
      if (bytes > limit) next(new BodyTooLongError(`more than ${limit} bytes`))
      else next(null, chunk)
    },
  })
}

/** Joins a client's connection with the process of the pages once that has agreed to switch protocols. */
export function forwardUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, socketPath: string): void {
  const { method, url: path, headers } = request
  const upstream = http.request({ socketPath, agent: false, method, path, headers })
  const end = () => {
    upstream.destroy()
    socket.destroy()
  }
  socket.on('error', end)
  upstream.on('error', end)
  upstream.on('response', end)
  upstream.on('upgrade', (answer, other, otherHead) => {
    const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`]
    for (let i = 0; i < answer.rawHeaders.length; i += 2)
      lines.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}`)
    socket.write(`${lines.join('\r\n')}\r\n\r\n`)
    other.on('error', end)
    other.on('close', end)
    socket.on('close', () => other.destroy())
    other.unshift(otherHead)
    socket.unshift(head)
    other.pipe(socket).pipe(other)
  })
  upstream.end()
}
