import type { Dispatcher } from 'undici'
import { compressedWords } from '../../calls/compressed'
import type { CallFailure } from '../../calls/failure'
import { hubTime } from '../../db/ids'
import type { Success } from '../../webhooks/webhook-schema'
import type { CallDispatch, CallPool } from './call-pool'
import type { CallResult, ReceiverRequest } from './call-result'
import { classifyError } from './classify-error'
import type { Connection } from './connection'
import type { Opened } from './opening'
import { parseRetryAfter } from './retry-after'

// Step "deliver": one HTTP call, under one deadline for connect, TLS, headers and body, and with a limit on what is read.
// It returns what happened and never throws; it does not retry, record or decide what comes next. One thing is no result: a
// kept connection that its receiver had closed. The request is then sent once more, on a new connection.

/** Of a success the first 4 KiB of body are kept, of anything else 64 KiB; no more than 64 KiB is ever read. */
const keptOfSuccess = 4 * 1024
const readAtMost = 64 * 1024
const keptOfHeaders = 16 * 1024
const headerLinesAtMost = 1000

export type OutgoingCall = { path: string; headers: string[]; body: string }

/**
 * Makes one POST through `pool` and returns what happened. `success`: which answers are one; a redirect is never followed.
 * Times in milliseconds.
 */
export function deliver(
  pool: CallPool,
  { path, headers, body }: OutgoingCall,
  deadlineMs: number,
  success: Success = '2xx',
): Promise<CallResult> {
  return new Promise((resolve) => {
    const request: CallDispatch = { path, method: 'POST', headers, body }
    const handler = new Handler(resolve, pool, request, deadlineMs, success)
    try {
      pool.dispatch(request, handler)
    } catch (error) {
      handler.fail(error)
    }
  })
}

/** An answer that somebody else got: `headers` as name, value, name, value, … */
type RelayedAnswer = { status: number; headers: string[]; body: Buffer }

/** The result of an answer that somebody else got to the same request, judged as if it had come here. Its times are nothing. */
export const judgeAnswer = ({ status, headers, body }: RelayedAnswer, success: Success): Promise<CallResult> =>
  new Promise((resolve) => {
    const handler = new Handler(resolve, nowhere, nothing, 1000, success)
    const named = Object.fromEntries(pairsOf(headers).map(([name, value]) => [name.toLowerCase(), value]))
    handler.onResponseStart(
      { ...noControl, rawHeaders: headers.map((line) => Buffer.from(line, 'latin1')) },
      status,
      named,
    )
    handler.onResponseData(undefined, body)
    handler.onResponseEnd()
  })

/** The result of an error that somebody else met with: its code, such as ECONNREFUSED. */
export const judgeError = (code: string, deadlineMs: number): Promise<CallResult> =>
  new Promise((resolve) => {
    new Handler(resolve, nowhere, nothing, deadlineMs, '2xx').fail(Object.assign(new Error(), { code }))
  })

class Handler implements Dispatcher.DispatchHandler {
  readonly #began = performance.now()
  readonly #timer: NodeJS.Timeout
  readonly #resolve: (result: CallResult) => void
  readonly #pool: CallPool
  readonly #request: CallDispatch
  readonly #deadlineMs: number
  readonly #success: Success
  #connection: Connection | undefined
  /** For how long the connection had been idle; undefined: it is new. */
  #idleMs: number | undefined
  /** The request is sent again: for how long the closed connection had been idle. */
  #closedAfterMs: number | undefined
  #controller: Dispatcher.DispatchController | undefined
  #ended = false
  #status: number | null = null
  #connectMs: number | null = null
  #firstByteMs: number | null = null
  #headers: string[] = []
  #retryAfter: string | undefined
  #location: string | undefined
  #asked: ReceiverRequest | undefined
  #encoded = false
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(
    resolve: (result: CallResult) => void,
    pool: CallPool,
    request: CallDispatch,
    deadlineMs: number,
    success: Success,
  ) {
    this.#resolve = resolve
    this.#pool = pool
    this.#request = request
    this.#deadlineMs = deadlineMs
    this.#success = success
    // Timers of one length share a list in node: as cheap as a timer wheel of our own.
    this.#timer = setTimeout(() => this.#end('timeout', `${deadlineMs / 1000} s`), deadlineMs)
  }

  fail(error: unknown) {
    if (this.#ended) return
    const { failure, detail } = classifyError(error, this.#status !== null)
    if (failure === 'reset' && this.#idleMs !== undefined && !this.#connection?.answered) return this.#sendAgain()
    this.#end(failure, failure === 'timeout' ? `${this.#deadlineMs / 1000} s` : detail)
  }

  /** A new connection has no idle time, so that this happens once. */
  #sendAgain() {
    this.#closedAfterMs = this.#idleMs
    this.#idleMs = undefined
    this.#connectMs = null
    this.#pool.dispatchAlone(this.#request, this)
  }

  onRequestStart(controller: Dispatcher.DispatchController) {
    this.#controller = controller
    // The deadline passed while the connection was made: the request must not leave after that.
    if (this.#ended) return controller.abort(new Error('deadline passed'))
    const now = performance.now()
    this.#connectMs = now - this.#began
    const connection = this.#request.place?.connection
    this.#connection = connection
    this.#idleMs = connection && connection.requests > 0 ? now - connection.idleSince : undefined
    connection?.begin()
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
    this.#asked = readAsked(headers['webhook-delivery'])
    this.#encoded = isEncoded(headers['content-encoding'])
    if (this.#closedAfterMs !== undefined) this.#pool.foundClosed(this.#closedAfterMs)
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
    if (status >= 200 && status < (this.#success === '2xx' ? 300 : 400)) this.#end(null, null)
    else if (status >= 300 && status < 400) this.#end('redirect', this.#location ? shownLocation(this.#location) : null)
    else this.#end('status', null)
  }

  #end(failure: CallFailure | null, detail: string | null) {
    this.#ended = true
    clearTimeout(this.#timer)
    const now = performance.now()
    if (this.#connection) this.#connection.idleSince = now
    const result: CallResult = {
      status: this.#status,
      failure,
      detail,
      durationMs: now - this.#began,
      connectMs: this.#connectMs,
      firstByteMs: this.#firstByteMs,
      responseHeaders: this.#headers,
      responseBody: this.#text(failure === null ? keptOfSuccess : readAtMost),
      responseBytes: this.#bytes,
      retryAfterSeconds:
        this.#status === 429 || this.#status === 503 ? parseRetryAfter(this.#retryAfter, hubTime()) : null,
      reconnected: this.#closedAfterMs !== undefined,
      opened: this.#opened(),
      asked: this.#asked,
    }
    // After the end of the answer this does nothing; before it, the connection is closed.
    if (failure === 'timeout' || failure === 'too-many-headers' || this.#bytes > readAtMost)
      this.#controller?.abort(new Error('enough'))
    this.#resolve(result)
  }

  /** What is known of the connection; the times of opening it belong to the call that opened it. */
  #opened(): Opened | undefined {
    const connection = this.#connection
    if (!connection) return this.#request.place?.opening?.sofar
    return connection.requests === 1 ? connection.opened : connection.facts
  }

  /** The body as it is stored, from at most its first `kept` bytes. */
  #text(kept: number): string {
    if (this.#bytes > 0 && (this.#encoded || isGzip(start(this.#chunks, 2))))
      return compressedWords(this.#bytes, readAtMost)
    return storable(start(this.#chunks, Math.min(kept, this.#bytes)).toString('utf8', 0, kept))
  }
}

function readAsked(value: unknown): ReceiverRequest | undefined {
  if (typeof value !== 'string') return undefined
  const asked = value.trim().toLowerCase()
  return asked === 'abort-message' || asked === 'disable' ? asked : undefined
}

/** Whether a Content-Encoding makes bytes of a text that are none (RFC 9110, 8.4). */
const isEncoded = (value: unknown): boolean => value !== undefined && !/^(identity)?$/i.test(String(value).trim())

/** The first two bytes of gzip (RFC 1952). Some receivers compress and do not say so. */
const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

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

// What a handler needs that dispatches nothing.
const nowhere = undefined as unknown as CallPool
const nothing: CallDispatch = { path: '', method: 'POST' }
const noControl = { abort() {} } as unknown as Dispatcher.DispatchController

const pairsOf = (lines: string[]): [string, string][] =>
  lines.flatMap((line, i) => (i % 2 === 0 ? [[line, lines[i + 1] ?? '']] : []))
