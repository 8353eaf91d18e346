import type { IncomingMessage } from 'node:http'
import { nextSlice, sliceIsOver } from '../slices'

const chunksAtLeast = 1_000
const bytesEach = 16

/**
 * Returns a function to call with each chunk of a message. It pauses the message while the slice is over, and closes a
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

/** Discards what a request still sends after it was answered, at the same pace. */
export function discardBody(incoming: IncomingMessage): void {
  incoming.on('data', paceBody(incoming)).resume()
}
