import type { Socket } from 'node:net'
import type { Opened } from './opening'

// One connection to a receiver, as its calls see it: whether it was used before, since when it is idle, and whether an
// answer has begun. It also removes interim answers (1xx) that come before the answer: a client must take them, asked for
// or not (RFC 9110, 15.2), and undici closes the connection at a 100.

/** A longer head of an interim answer is left to undici, which judges it. */
const interimAtMost = 8 * 1024
const interimStart = 'HTTP/1.1 1'
/** 101 is left to undici too: it answers an upgrade, and no call asks for one. */
const interimHead = /^HTTP\/1\.1 1(?!01)\d\d[ \r\n]/

export class Connection {
  /** Requests sent on it. */
  requests = 0
  /** When its last call ended, by the monotonic clock. */
  idleSince = 0
  /** A byte of the answer to its latest request has come. */
  answered = false
  /** What a later call on it knows of it. */
  readonly facts: Opened
  /** What comes next is the head of an answer. */
  #awaiting = false
  /** The start of what may be an interim answer. */
  #held: Buffer | undefined

  /** `opened`: how it was opened. */
  constructor(readonly opened: Opened) {
    const { address, tlsVersion, certificateEnds } = opened
    this.facts = { address, tlsVersion, certificateEnds }
  }

  /** A request is about to be written. */
  begin() {
    this.requests++
    this.answered = false
    this.#awaiting = true
    this.#held = undefined
  }

  /** What undici gets of a chunk; undefined: nothing yet. Of each answer the first chunk alone is looked at. */
  pass(chunk: Buffer): Buffer | undefined {
    if (!this.#awaiting) return chunk
    this.answered = true
    // Nearly every answer begins with the head of a final one. 49 is the 1 of "HTTP/1.1 1".
    if (this.#held === undefined && chunk.length >= interimStart.length && chunk[interimStart.length - 1] !== 49) {
      this.#awaiting = false
      return chunk
    }
    return this.#withoutInterim(this.#held ? Buffer.concat([this.#held, chunk]) : chunk)
  }

  #withoutInterim(bytes: Buffer): Buffer | undefined {
    let rest = bytes
    this.#held = undefined
    while (mayBeInterim(rest)) {
      const end = /\r?\n\r?\n/.exec(rest.toString('latin1'))
      if (end) {
        rest = rest.subarray(end.index + end[0].length)
      } else if (rest.length <= interimAtMost) {
        this.#held = rest
        return undefined
      } else break
    }
    if (rest.length === 0) return undefined
    this.#awaiting = false
    return rest
  }
}

function mayBeInterim(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, interimStart.length + 3)
  if (start.length === interimStart.length + 3) return interimHead.test(start)
  return start.length > 0 && interimStart.startsWith(start.slice(0, interimStart.length))
}

/** The connection of a socket. From now on whoever reads the socket gets it without interim answers. */
export function watchSocket(socket: Socket, opened: Opened): Connection {
  const connection = new Connection(opened)
  const { read } = socket
  socket.read = (size?: number) => {
    for (let chunk = read.call(socket, size); chunk !== null; chunk = read.call(socket, size)) {
      const rest = connection.pass(chunk)
      if (rest !== undefined) return rest
    }
    return null
  }
  return connection
}
