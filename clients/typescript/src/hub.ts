import { setTimeout as sleep } from 'node:timers/promises'

// Requests to a hub: its address, its key, its errors, and when to send one again.

export type HubOptions = {
  /** The hub's address, such as https://hub.example. */
  url: string
  /** An API key of the account, `hbk_…`. */
  apiKey: string
  /** Replaces the global fetch. */
  fetch?: typeof globalThis.fetch
}

/** An answer that is no success. `problem` is its body as RFC 9457 has it, where it has one. */
export class HubError extends Error {
  readonly status: number
  readonly problem: { title?: string; detail?: string; [member: string]: unknown }
  constructor(status: number, problem: HubError['problem']) {
    super(problem.detail ?? problem.title ?? `The hub answered ${status}`)
    this.name = 'HubError'
    this.status = status
    this.problem = problem
  }
}

export type HubRequest = {
  method?: string
  headers?: Record<string, string>
  body?: string
  signal?: AbortSignal
}

/** One request. Rejects with what fetch rejects with; every answer resolves. */
export const ask = (hub: HubOptions, path: string, request: HubRequest = {}): Promise<Response> =>
  (hub.fetch ?? fetch)(new URL(path, hub.url), {
    ...request,
    headers: { authorization: `Bearer ${hub.apiKey}`, 'content-type': 'application/json', ...request.headers },
  })

/** The error that an answer stands for. */
export async function errorOf(response: Response): Promise<HubError> {
  const text = await response.text()
  try {
    return new HubError(response.status, JSON.parse(text))
  } catch {
    return new HubError(response.status, { title: text.slice(0, 200) || response.statusText })
  }
}

/** The answer's JSON, or throws its HubError. Undefined: it has no body. */
export async function readJson<T>(response: Response): Promise<T> {
  if (!response.ok) throw await errorOf(response)
  return (response.status === 204 ? undefined : await response.json()) as T
}

/** Answers that say nothing about the request itself. */
const passing = (status: number) => status === 408 || status === 429 || status >= 500

const longestWaitMs = 30_000

/**
 * One request, sent again while there is no answer or one that passes: after what Retry-After says, else after 0.5, 1, 2, …
 * up to 30 s, each spread at random. Only for requests that may arrive twice. The last answer is returned, the last error
 * thrown.
 */
export async function askUntilAnswered(
  hub: HubOptions,
  path: string,
  request: HubRequest,
  { attempts }: { attempts: number },
): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    let waitMs = Math.min(500 * 2 ** (attempt - 1), longestWaitMs) * (0.5 + Math.random() / 2)
    try {
      const response = await ask(hub, path, request)
      if (!passing(response.status) || attempt >= attempts) return response
      const asked = Number(response.headers.get('retry-after'))
      if (asked > 0) waitMs = Math.min(asked * 1000, longestWaitMs)
      await response.body?.cancel()
    } catch (error) {
      if (request.signal?.aborted || attempt >= attempts) throw error
    }
    await sleep(waitMs, undefined, { signal: request.signal })
  }
}
