import http from 'node:http'
import https from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { ask, errorOf, HubError, type HubOptions, readJson } from './hub.ts'
import type { FormatKey } from './verify.ts'

// Listens: opens a relay at the hub, takes the calls of its webhook, makes each at an address of this machine, byte for byte
// as the hub signed it, and returns the answer, which the hub records. No tunnel: every connection goes out from here.

export type Relay = { id: string; name: string; format: FormatKey; secret: string | null; timeoutSeconds: number }

/** `failure`: why there was no answer, as a code such as ECONNREFUSED. `recorded`: the hub took the answer. */
export type RelayedCall = {
  delivery: string
  attempt: number
  status?: number
  failure?: string
  durationMs: number
  recorded: boolean
}

export type ListenOptions = HubOptions & {
  /** Where the calls go, such as http://localhost:3000/hooks. */
  to: string
  format?: FormatKey
  /** Event types; all that the format offers unless given. */
  events?: string[]
  /** Ends the listening, and closes the relay. */
  signal: AbortSignal
  onOpen?: (relay: Relay) => void
  onCall?: (call: RelayedCall) => void
  /** The hub could not be reached; it is tried again. */
  onError?: (error: Error) => void
}

type TakenCall = { call: string; delivery: string; attempt: number; timeoutMs: number; headers: string[]; body: string }
type Result =
  | { kind: 'answer'; status: number; headers: string[]; body: string; firstByteMs: number }
  | { kind: 'error'; code: string }

/** More of an answer the hub does not keep. */
const bodyAtMost = 64 * 1024 + 1
const pauseMs = 1_000

/** Listens until `signal` aborts. Throws HubError when the hub refuses, as it does after it closed the relay. */
export async function listen(options: ListenOptions): Promise<void> {
  const { to, format, events, signal, onOpen, onError } = options
  const target = new URL(to)
  const opened = await ask(options, '/api/v1/relays', {
    method: 'POST',
    body: JSON.stringify({ format, events }),
    signal,
  })
  const relay = await readJson<Relay>(opened)
  onOpen?.(relay)
  const path = `/api/v1/relays/${relay.id}`
  const running = new Set<Promise<void>>()
  try {
    while (!signal.aborted) {
      try {
        const { calls } = await readJson<{ calls: TakenCall[] }>(await ask(options, `${path}/calls?wait=5`, { signal }))
        for (const call of calls) {
          const made = make(options, path, target, call).catch((error) => onError?.(error))
          running.add(made)
          void made.finally(() => running.delete(made))
        }
      } catch (error) {
        if (signal.aborted) break
        if (error instanceof HubError && error.status < 500 && error.status !== 429) throw error
        onError?.(error as Error)
        await sleep(pauseMs, undefined, { signal }).catch(() => {})
      }
    }
  } finally {
    await Promise.all(running)
    // A hub that is away closes it by itself within a minute.
    await ask(options, path, { method: 'DELETE' }).catch(() => {})
  }
}

async function make(options: ListenOptions, path: string, target: URL, call: TakenCall): Promise<void> {
  const began = performance.now()
  const result = await send(target, call)
  const durationMs = performance.now() - began
  const body = JSON.stringify({ call: call.call, durationMs, result })
  const response = await answer(options, `${path}/answers`, body)
  const { delivery, attempt } = call
  const outcome = result.kind === 'answer' ? { status: result.status } : { failure: result.code }
  options.onCall?.({ delivery, attempt, ...outcome, durationMs, recorded: response.ok })
  if (!response.ok && response.status !== 409) throw await errorOf(response)
}

/** An answer may arrive twice: the hub records a call once. */
async function answer(options: ListenOptions, path: string, body: string): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const response = await ask(options, path, { method: 'POST', body }).catch((error: Error) => error)
    if (response instanceof Response && response.status < 500 && response.status !== 429) return response
    if (attempt === 5) {
      if (response instanceof Response) return response
      throw response
    }
    await sleep(pauseMs)
  }
}

/** Makes the call at this machine. Of redirects and of compressed bodies nothing is followed or opened. */
function send(target: URL, { headers, body, timeoutMs }: TakenCall): Promise<Result> {
  const bytes = Buffer.from(body)
  const lines = ['host', target.host, ...headers, 'content-length', String(bytes.length), 'connection', 'close']
  return new Promise((resolve) => {
    const began = performance.now()
    const { request } = target.protocol === 'https:' ? https : http
    const outgoing = request(target, { method: 'POST', headers: lines as unknown as http.OutgoingHttpHeaders })
    const fail = (code: string) => {
      clearTimeout(timer)
      outgoing.destroy()
      resolve({ kind: 'error', code })
    }
    const timer = setTimeout(() => fail('ETIMEDOUT'), timeoutMs)
    outgoing.on('error', (error: NodeJS.ErrnoException) =>
      fail(/^[A-Z][A-Z0-9_]+$/.test(error.code ?? '') ? (error.code as string) : 'ECONNRESET'),
    )
    outgoing.on('response', (response) => {
      const firstByteMs = performance.now() - began
      const chunks: Buffer[] = []
      let length = 0
      const finish = () => {
        clearTimeout(timer)
        outgoing.destroy()
        const { statusCode: status = 0, rawHeaders } = response
        const kept = Buffer.concat(chunks).subarray(0, bodyAtMost).toString('base64')
        resolve({ kind: 'answer', status, headers: rawHeaders, body: kept, firstByteMs })
      }
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        length += chunk.length
        if (length >= bodyAtMost) finish()
      })
      response.on('end', finish)
      response.on('aborted', () => fail('ECONNRESET'))
    })
    outgoing.end(bytes)
  })
}
