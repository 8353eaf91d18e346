import { randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { getRequestListener, RequestError } from '@hono/node-server'
import { believeHeaders, type IsTrusted } from './client-address'
import { discardBody } from './pace-body'
import { problem } from './problem'
import { isReadableTarget } from './request-target'
import { matchRoute, type Route } from './route'
import { securityHeaders } from './security-headers'

// The door of the long-running process: believed headers in, security headers out, then the hub's own routes, then the
// pages, which another process renders.

/** Answers what no route takes. The response has its security headers already. */
export type PageHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Makes the listener of the http server. `onError` is told what a handler threw; the client gets a bare 500. */
export function createListener(options: {
  routes: readonly Route[]
  pages: PageHandler
  isTrusted: IsTrusted
  dev: boolean
  https: boolean
  onError: (error: unknown) => void
}): RequestListener {
  const { routes, pages, isTrusted, dev, https, onError } = options
  const answer = getRequestListener(
    async (request, { incoming }) => {
      const message = incoming as IncomingMessage
      const { url = '', method } = message
      const handler = isReadableTarget(url) ? matchRoute(routes, url, method) : undefined
      const response = (await handler?.(request, message)) ?? unreadable()
      if (!message.complete || message.readableLength > 0) discardBody(message)
      return response
    },
    {
      hostname: 'localhost',
      // fast-response.ts says why.
      overrideGlobalObjects: false,
      errorHandler: (error) => {
        if (error instanceof RequestError) return problem(400, 'Bad request', error.message)
        onError(error)
        return problem(500, 'Internal error', 'The hub could not answer. Its log says why.')
      },
    },
  )
  const withoutPage = Object.entries(securityHeaders({ dev, https }))
  return (request, response) => {
    believeHeaders(request, request.socket.remoteAddress ?? '', isTrusted)
    const target = request.url ?? ''
    if (!isReadableTarget(target) || matchRoute(routes, target, request.method)) {
      for (const [name, value] of withoutPage) response.setHeader(name, value)
      return void answer(request, response)
    }
    const headers = securityHeaders({ nonce: randomBytes(16).toString('base64'), dev, https })
    // Next puts the nonce that it finds here into every script it writes.
    request.headers['content-security-policy'] = headers['content-security-policy']
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    pages(request, response).catch((error) => {
      onError(error)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  }
}

const unreadable = () => problem(400, 'Bad request', 'The address is not well-formed percent-encoded UTF-8 text.')
