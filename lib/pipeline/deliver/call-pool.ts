import type { Socket } from 'node:net'
import type { buildConnector, Dispatcher, Client as UndiciClient } from 'undici'
import { type Connection, watchSocket } from './connection'
import { type KnownCertificate, Opening } from './opening'
import { Client, Pool } from './undici'

// The keep-alive connections of one webhook. Beside undici's pool it tells each call which connection it is made on, and
// makes a request on a new connection where a kept one turned out to be closed.

/** Where the connection of a client stands; undici opens it anew within the same client. */
type Place = { connection?: Connection; opening?: Opening }

/** What a request is dispatched with. Its client writes `place` when it takes the request. */
export type CallDispatch = Dispatcher.DispatchOptions & { place?: Place }

type Connect = buildConnector.connector
type Options = Omit<UndiciClient.Options, 'connect'> & { connect: Connect }

class CallClient extends Client {
  readonly #place: Place

  constructor(origin: string | URL, { connect, ...options }: Options, known: KnownCertificate) {
    const place: Place = {}
    super(origin, {
      ...options,
      connect: (to, done) => {
        const opening = new Opening()
        place.opening = opening
        // undici's connectors return the socket, which their type does not say.
        const socket: unknown = connect(to, (...[error, socket]) => {
          if (error) return done(error, null)
          place.connection = watchSocket(socket, opening.end(socket, known))
          place.opening = undefined
          return done(null, socket)
        })
        opening.watch(socket as Socket | undefined)
      },
    })
    this.#place = place
  }

  override dispatch(options: CallDispatch, handler: Dispatcher.DispatchHandler): boolean {
    options.place = this.#place
    return super.dispatch(options, handler)
  }
}

export type CallPoolOptions = Options & {
  connections?: number
  /** The lifetime of a connection in milliseconds, busy or idle. */
  clientTtl?: number
  /** Called when a kept connection turned out to be closed, with the milliseconds for which it had been idle. */
  onFoundClosed?: (idleMs: number) => void
}

export class CallPool extends Pool {
  readonly #openAlone: () => CallClient
  readonly foundClosed: (idleMs: number) => void

  constructor(origin: string, { connections, clientTtl, onFoundClosed = () => {}, ...options }: CallPoolOptions) {
    const known: KnownCertificate = {}
    const openClient = () => new CallClient(origin, options, known)
    super(origin, { connections, clientTtl, connect: options.connect, factory: openClient })
    this.#openAlone = openClient
    this.foundClosed = onFoundClosed
  }

  /** Makes a request on a new connection, which is closed after it. */
  dispatchAlone(request: CallDispatch, handler: Dispatcher.DispatchHandler) {
    const client = this.#openAlone()
    client.dispatch(request, handler)
    void client.close()
  }
}
