import type { Dispatcher } from 'undici'
import type { CallFailure } from '../../calls/failure'
import { hubTime } from '../../db/ids'
import type { CallResult } from './call-result'
import { classifyError } from './classify-error'
import { parseRetryAfter } from './retry-after'

// Step "deliver": one HTTP call, under one deadline for connect, TLS, headers and body, and with a limit on what is read.
// It returns what happened and never throws; it does not retry, record or decide what comes next.

/** Of a 2xx the first 4 KiB of body are kept, of anything else 64 KiB; no more than 64 KiB is ever read. */
const keptOfSuccess = 4 * 1024
const readAtMost = 64 * 1024
const keptOfHeaders = 16 * 1024
const headerLinesAtMost = 1000

export type OutgoingCall = { path: string; headers: string[]; body: string }

/** Makes one POST through `client` (a pool of one origin) and returns what happened. Times in milliseconds. */
export function deliver(client: Dispatcher, call: OutgoingCall, deadlineMs: number): Promise<CallResult> {
  return new Promise((resolve) => {
    const handler = new Handler(resolve, deadlineMs)
    try {
      client.dispatch({ path: call.path, method: 'POST', headers: call.headers, body: call.body }, handler)
    } catch (error) {
      handler.fail(error)
    }
  })
}

class Handler implements Dispatcher.DispatchHandler {
  readonly #began = performance.now()
  readonly #timer: NodeJS.Timeout
  readonly #resolve: (result: CallResult) => void
  readonly #deadlineMs: number
  #controller: Dispatcher.DispatchController | undefined
  #ended = false
  #status: number | null = null
  #connectMs: number | null = null
  #firstByteMs: number | null = null
  #headers: string[] = []
  #retryAfter: string | undefined
  #location: string | undefined
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(resolve: (result: CallResult) => void, deadlineMs: number) {
    this.#resolve = resolve
    this.#deadlineMs = deadlineMs
    // Timers of one length share a list in node: as cheap as a timer wheel of our own.
    this.#timer = setTimeout(() => this.#end('timeout', `${deadlineMs / 1000} s`), deadlineMs)
  }

  fail(error: unknown) {
    if (this.#ended) return
    const { failure, detail } = classifyError(error, this.#status !== null)
    this.#end(failure, failure === 'timeout' ? `${this.#deadlineMs / 1000} s` : detail)
  }

  onRequestStart(controller: Dispatcher.DispatchController) {
    this.#controller = controller
    // The deadline passed while the connection was made: the request must not leave after that.
    if (this.#ended) controller.abort(new Error('deadline passed'))
    else this.#connectMs = performance.now() - this.#began
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: Record<string, unknown>) {
    if (this.#ended || status < 200) return
    this.#firstByteMs = performance.now() - this.#began
    this.#status = status
    const raw = (controller as unknown as { rawHeaders: Buffer[] }).rawHeaders
    if (raw.length / 2 > headerLinesAtMost) return this.#end('too-many-headers', `${raw.length / 2} lines`)
    this.#headers = keepHeaders(raw)
    this.#retryAfter = first(headers['retry-after'])
    this.#location = first(headers.location)
  }

  onResponseData(_: unknown, chunk: Buffer) {
    if (this.#ended) return
    this.#bytes += chunk.length
    this.#chunks.push(chunk)
    if (this.#bytes > readAtMost) this.#answered()
  }

  onResponseEnd() {
    if (!this.#ended) this.#answered()
  }

  onResponseError(_: unknown, error: Error) {
    this.fail(error)
  }

  #answered() {
    const status = this.#status ?? 0
    if (status >= 200 && status < 300) this.#end(null, null)
    else if (status >= 300 && status < 400) this.#end('redirect', this.#location ? shownLocation(this.#location) : null)
    else this.#end('status', null)
  }

  #end(failure: CallFailure | null, detail: string | null) {
    this.#ended = true
    clearTimeout(this.#timer)
    const kept = failure === null ? keptOfSuccess : readAtMost
    const result: CallResult = {
      status: this.#status,
      failure,
      detail,
      durationMs: performance.now() - this.#began,
      connectMs: this.#connectMs,
      firstByteMs: this.#firstByteMs,
      responseHeaders: this.#headers,
      responseBody: storable(start(this.#chunks, Math.min(kept, this.#bytes)).toString('utf8', 0, kept)),
      responseBytes: this.#bytes,
      retryAfterSeconds:
        this.#status === 429 || this.#status === 503 ? parseRetryAfter(this.#retryAfter, hubTime()) : null,
    }
    // After the end of the answer this does nothing; before it, the connection is closed.
    if (failure === 'timeout' || failure === 'too-many-headers' || this.#bytes > readAtMost)
      this.#controller?.abort(new Error('enough'))
    this.#resolve(result)
  }
}

const first = (value: unknown) => (typeof value === 'string' ? value : undefined)

/** At least the first `length` bytes. Nearly every answer is one chunk, and an endless one must not be copied whole. */
const start = ([first, ...more]: Buffer[], length: number): Buffer =>
  first && first.length >= length ? first : Buffer.concat(first ? [first, ...more] : [], length)

/** PostgreSQL text holds no NUL. */
const storable = (text: string) => (text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text)

function keepHeaders(raw: Buffer[]): string[] {
  const kept: string[] = []
  let bytes = 0
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] as Buffer
    const value = raw[i + 1] as Buffer
    bytes += name.length + value.length
    if (bytes > keptOfHeaders) break
    kept.push(storable(name.toString('latin1')), storable(value.toString('latin1')))
  }
  return kept
}

/** Where a redirect pointed, short enough for a log line. */
const shownLocation = (location: string) => storable(location.length > 300 ? `${location.slice(0, 299)}…` : location)
