import type { IncomingMessage } from 'node:http'
import type { HeldBytes } from './byte-budget'
import { paceBody } from './pace-body'

/** Why there is no body: longer than the limit, no room in the budget, or the client went away or took too long. */
export type BodyRefusal = 'too long' | 'no room' | 'broken off'

export type ReadOptions = {
  /** Counts the bytes as they come. */
  held?: HeldBytes
  /** Node's own message, when there is one: reading it costs half of what the stream of the Request does. */
  incoming?: IncomingMessage
}

/** The body of at most `limit` bytes. A declared length above it is refused unread; else what is past it is not read. */
export async function readBody(
  request: Request,
  limit: number,
  { held, incoming }: ReadOptions = {},
): Promise<Buffer | BodyRefusal> {
  const declared = Number(request.headers.get('content-length') ?? Number.NaN)
  if (declared > limit) return 'too long'
  const parts = collect(limit, declared, held)
  if (incoming) return readIncoming(incoming, parts)
  if (!request.body) return Buffer.alloc(0)
  try {
    for await (const chunk of request.body) {
      const refusal = parts.add(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
      if (refusal) return refusal
    }
  } catch {
    // Whoever sent it is gone: there is nobody to answer and nothing to log.
    return 'broken off'
  }
  return parts.body()
}

type Parts = { add(chunk: Buffer): BodyRefusal | undefined; body(): Buffer }

const firstSize = 16 * 1024

/** Copies chunks into one buffer that doubles: as a list, chunks of one byte would take a hundred times their size. */
function collect(limit: number, declared: number, held: HeldBytes | undefined): Parts {
  let buffer: Buffer | undefined
  let length = 0
  return {
    add(chunk) {
      if (length + chunk.length > limit) return 'too long'
      if (held && !held.add(chunk.length)) return 'no room'
      const end = length + chunk.length
      if (length === 0 && end === declared) buffer = chunk
      else {
        if (!buffer || end > buffer.length) {
          const larger = Buffer.allocUnsafe(
            Math.min(limit, Math.max(end, 2 * length, Math.min(declared || firstSize, firstSize))),
          )
          buffer?.copy(larger, 0, 0, length)
          buffer = larger
        }
        chunk.copy(buffer, length)
      }
      length = end
      return undefined
    },
    body: () => buffer?.subarray(0, length) ?? Buffer.alloc(0),
  }
}

function readIncoming(incoming: IncomingMessage, parts: Parts): Promise<Buffer | BodyRefusal> {
  const pace = paceBody(incoming)
  return new Promise((resolve) => {
    const end = (result: Buffer | BodyRefusal) => {
      incoming.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken)
      resolve(result)
    }
    const onData = (chunk: Buffer) => {
      const refusal = parts.add(chunk)
      if (refusal) end(refusal)
      else pace(chunk)
    }
    const onEnd = () => end(parts.body())
    const onBroken = () => end('broken off')
    incoming.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken)
    if (incoming.destroyed && !incoming.readableEnded) end('broken off')
  })
}
