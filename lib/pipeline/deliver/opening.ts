import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

// How long the parts of opening a connection took. Only a call that opens one pays for it.

/** A connection: the address it leads to, its TLS, and how many milliseconds the parts of opening it took. */
export type Opened = {
  address?: string
  /** Absent: the URL names an address, so that nothing was looked up. */
  dnsMs?: number
  /** All three are absent for a call on a connection that an earlier call had opened. */
  tcpMs?: number
  tlsMs?: number
  /** "1.3" */
  tlsVersion?: string
  /** When the certificate ends, ISO. */
  certificateEnds?: string
}

/** When the certificate of a pool's receiver ends, ISO. */
export type KnownCertificate = { ends?: string }

/** A connection that is being opened. */
export class Opening {
  /** What is known so far. It stays so when the connection fails. */
  readonly sofar: Opened = {}
  #since = performance.now()

  /** `socket`: what is being opened; undefined: the address was refused before. */
  watch(socket: Socket | undefined) {
    // Of a name with several addresses there is one event for each.
    socket?.once('lookup', (error: Error | null, address?: string) => {
      this.sofar.dnsMs = this.#passed()
      if (!error) this.sofar.address = address
    })
    // Ahead of undici's own listener, which hands the connection out.
    socket?.prependOnceListener('connect', () => {
      this.sofar.tcpMs = this.#passed()
      this.sofar.address = socket.remoteAddress
    })
  }

  /** The socket is open. `known`: what the pool knows of its receiver; a resumed TLS session shows no certificate. */
  end(socket: Socket, known: KnownCertificate): Opened {
    if (!(socket instanceof TLSSocket)) return this.sofar
    this.sofar.tlsMs = this.#passed()
    this.sofar.tlsVersion = socket.getProtocol()?.replace('TLSv', '')
    const ends = Date.parse(socket.getPeerCertificate().valid_to)
    if (!Number.isNaN(ends)) known.ends = new Date(ends).toISOString()
    this.sofar.certificateEnds = known.ends
    return this.sofar
  }

  /** Milliseconds since this was asked last. */
  #passed(): number {
    const now = performance.now()
    const passed = now - this.#since
    this.#since = now
    return passed
  }
}
