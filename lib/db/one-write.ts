import type { Socket } from 'node:net'
import type pg from 'pg'

/**
 * Calls `send`, and writes the statements that it sends before it waits for an answer to the socket of `client` at once. The
 * driver alone makes a system call for each of them, and PostgreSQL wakes up for each. The client must pipeline.
 */
export function inOneWrite<T>(client: pg.ClientBase, send: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  stream.cork()
  // After the microtasks of this turn: a statement may be sent in one.
  process.nextTick(() => stream.uncork())
  return send()
}
