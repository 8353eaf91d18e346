import type { IncomingMessage } from 'node:http'
import { nextSlice, sliceIsOver } from '../slices'

/**
 * Pauses a message while the slice is over. Node reads up to 2 MiB of a connection at once: as HTTP chunks of one byte
 * these are 350,000 `data` events without a turn of the event loop.
 */
export function paceBody(incoming: IncomingMessage): void {
  if (!sliceIsOver() || incoming.isPaused()) return
  incoming.pause()
  void nextSlice().then(() => incoming.resume())
}

/** Throws away what a request still sends after it was answered, at that pace. */
export function discardBody(incoming: IncomingMessage): void {
  incoming.on('data', () => paceBody(incoming))
}
