import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'

// What the code of pages and actions knows of the process that it runs in. It belongs to the process, not to the module,
// because Next bundles a copy of this module of its own.

type Answer = { status?: number }
const place = globalThis as typeof globalThis & { hearbackAnswers?: AsyncLocalStorage<Answer> }

/** Handles one request that came through the hub's own door (lib/http/listener.ts). */
export function handleBehindDoor(response: ServerResponse, handle: () => Promise<void>): Promise<void> {
  place.hearbackAnswers ??= new AsyncLocalStorage()
  const answer: Answer = {}
  const writeHead = response.writeHead.bind(response) as (status: number, ...rest: unknown[]) => ServerResponse
  response.writeHead = (status: number, ...rest: unknown[]) => writeHead(answer.status ?? status, ...rest)
  return place.hearbackAnswers.run(answer, handle)
}

/** False on a host without server.ts: nothing there says which client address is true, and no page gets a policy. */
export const isBehindDoor = (): boolean => place.hearbackAnswers?.getStore() !== undefined

/** Sets the status of the running request. Next answers 500 to every action that throws. */
export function answerWithStatus(status: number): void {
  const answer = place.hearbackAnswers?.getStore()
  if (answer) answer.status = status
}
