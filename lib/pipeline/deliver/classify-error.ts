import type { CallFailure } from '../../calls/failure'
import { BlockedAddressError, BlockedUrlError } from './guarded-connector'

const byCode: Record<string, CallFailure> = {
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EPROTO: 'tls',
  UND_ERR_INVALID_ARG: 'unsendable',
  // undici asserts what no HTTP server sends, such as status 000.
  ERR_ASSERTION: 'not-http',
}

const tls = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|HOSTNAME_MISMATCH)/

/**
 * Sorts what a failed call threw into the classes merchants are told. The detail is a code or an
 * address, never a URL and never a raw message of the socket. `answering`: the head of an answer had come.
 */
export function classifyError(error: unknown, answering: boolean): { failure: CallFailure; detail: string | null } {
  if (error instanceof BlockedAddressError)
    return { failure: 'blocked-address', detail: `${error.address} (${error.range})` }
  if (error instanceof BlockedUrlError) return { failure: 'blocked-url', detail: error.what }
  // Several addresses were tried: the first failure stands for all.
  if (error instanceof AggregateError && error.errors.length > 0) return classifyError(error.errors[0], answering)
  const { code, cause, message } = (error ?? {}) as { code?: unknown; cause?: unknown; message?: unknown }
  const parsing = parseFailure(code, String(message), answering)
  if (parsing) return { failure: parsing, detail: null }
  if (typeof code !== 'string') return cause ? classifyError(cause, answering) : { failure: 'not-http', detail: null }
  if (tls.test(code)) return { failure: 'tls', detail: code }
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return { failure: 'too-many-headers', detail: 'more than 64 KiB' }
  return { failure: byCode[code] ?? 'reset', detail: code }
}

/** undici tells an answer that was cut short and one that breaks the protocol apart by its message alone. */
function parseFailure(code: unknown, message: string, answering: boolean): CallFailure | undefined {
  if (message.includes('(Invalid EOF state)')) return 'reset'
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return answering ? 'reset' : 'not-http'
  if (code === 'UND_ERR_SOCKET' && message.startsWith('bad ')) return 'not-http'
  return undefined
}
