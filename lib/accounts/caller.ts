import { AsyncLocalStorage } from 'node:async_hooks'

// Where a change comes from. The audit log records it beside who made the change, so no function has to pass it on. The
// storage belongs to the process, not to the module, because Next bundles a copy of this module of its own.

type Caller = {
  address: string
  /** The public part of its API key, or `operator`. Absent: a person, or nobody. */
  apiKey?: string
}
const place = globalThis as typeof globalThis & { hearbackCaller?: AsyncLocalStorage<Caller> }

/** Runs `handle` as the work of a request from this client. */
export function asCaller<T>(caller: Caller, handle: () => T): T {
  place.hearbackCaller ??= new AsyncLocalStorage()
  return place.hearbackCaller.run(caller, handle)
}

/** The client address of the running request; null in a command or in the hub's own work. */
export const callerAddress = (): string | null => place.hearbackCaller?.getStore()?.address ?? null

/** The public part of the API key of the running request, or `operator` for the operator's key; null: it has none. */
export const callerKey = (): string | null => place.hearbackCaller?.getStore()?.apiKey ?? null
