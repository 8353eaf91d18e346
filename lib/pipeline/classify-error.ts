import type { CallFailure } from '../calls/failure'
import { BlockedAddressError } from './guarded-connector'

const byCode: Record<string, CallFailure> = {
  ENOTFOUND: 'name-not-found',
  EAI_AGAIN: 'name-not-found',
  EAI_FAIL: 'name-not-found',
  EAI_NODATA: 'name-not-found',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EPROTO: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'too-many-headers',
  HPE_HEADER_OVERFLOW: 'too-many-headers',
  UND_ERR_INVALID_ARG: 'unsendable',
}

const tls = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA|HOSTNAME_MISMATCH)/

/**
 * Sorts what a failed call threw into the classes merchants are told (SAFETY.md 7). The detail is a code or an
 * address, never a URL and never a raw message of the socket.
 */
export function classifyError(error: unknown): { failure: CallFailure; detail: string | null } {
  if (error instanceof BlockedAddressError)
    return { failure: 'blocked-address', detail: `${error.address} (${error.range})` }
  // Several addresses were tried: the first failure stands for all.
  if (error instanceof AggregateError && error.errors.length > 0) return classifyError(error.errors[0])
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (typeof code !== 'string') return cause ? classifyError(cause) : { failure: 'not-http', detail: null }
  if (tls.test(code)) return { failure: 'tls', detail: code }
  return { failure: byCode[code] ?? (code.startsWith('HPE_') ? 'not-http' : 'reset'), detail: code }
}
