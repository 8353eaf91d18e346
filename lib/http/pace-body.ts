import type { IncomingMessage } from 'node:http'
import { nextSlice, sliceIsOver } from '../slices'

const chunksAtLeast = 1_000
const bytesEach = 16

/**
 * Makes what is to be called with each chunk of a message: it pauses the message while the slice is over, and ends a
 * connection whose HTTP chunks are tiny. Node reads up to 2 MiB of a connection at once: as chunks of one byte these are
 * 350,000 `data` events without a turn of the event loop.
 */
export function paceBody(incoming: IncomingMessage): (chunk: Buffer) => void {
  let chunks = 0
  let bytes = 0
  const chunked = incoming.headers['transfer-encoding'] !== undefined
  return (chunk) => {
    chunks++
    bytes += chunk.length
    if (chunked && chunks >= chunksAtLeast && bytes < bytesEach * chunks) return void incoming.destroy()
    if (!sliceIsOver() || incoming.isPaused()) return
    incoming.pause()
    void nextSlice().then(() => incoming.resume())
  }
}

/** Throws away what a request still sends after it was answered, at that pace. */
export function discardBody(incoming: IncomingMessage): void {
  incoming.on('data', paceBody(incoming))
}
