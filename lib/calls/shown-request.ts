import { timeOfId } from '../db/ids'
import { erasedText } from '../erasure/erased'
import { formats } from '../formats/formats'
import { callHeaders } from '../pipeline/deliver/request'
import { showId } from '../type-id'
import type { CallDetail } from './read-call'

// The exact request of a past call, rebuilt from what was recorded by the same function that builds the headers of
// every call. Secrets are masked unless a person reveals them (call-secrets.ts). Pure functions.

export const mask = '••••••••'

/** The headers whose values are masked. `custom`: name, value, name, value, … */
export type RequestSecrets = { authorization: string | undefined; custom: string[] }

export type ShownHeader = { name: string; value: string /** The value shown is the mask. */; masked: boolean }
export type ShownRequest = { line: string; headers: ShownHeader[] }

/** The secrets of a call with their values masked; the Authorization scheme stays visible. */
export function maskedSecrets({ call, webhook }: CallDetail): RequestSecrets {
  return {
    authorization:
      webhook.authentication === 'basic' ? `Basic ${mask}` : call.keyVersion === null ? undefined : `hmac ${mask}`,
    custom: webhook.headerNames.flatMap((name) => [name, mask]),
  }
}

/** The request line and all headers. Undefined when the call ended before a request was built. */
export function shownRequest(
  detail: CallDetail,
  secrets: RequestSecrets = maskedSecrets(detail),
): ShownRequest | undefined {
  const { call, webhook, body, feedbackVersion } = detail
  if (call.signedAt === null) return undefined
  const url = new URL(webhook.url)
  const lines = [
    'host',
    url.host,
    'connection',
    'keep-alive',
    ...callHeaders({
      format: formats[webhook.format],
      encoding: webhook.encoding,
      deliveryId: showId('delivery', call.deliveryId),
      attempt: call.attempt,
      feedbackVersion,
      timestamp: call.signedAt,
      triggeredAtMs: timeOfId(call.deliveryId),
      signature: call.signature,
      authorization: secrets.authorization,
      custom: secrets.custom,
      test: call.test,
      replay: call.replay,
    }),
  ]
  // Of an erased body the length that was sent is not known.
  if (body !== null && body !== erasedText) lines.push('content-length', String(Buffer.byteLength(body)))
  return { line: `POST ${url.pathname}${url.search} HTTP/1.1`, headers: pairs(lines) }
}

function pairs(lines: string[]): ShownHeader[] {
  const headers: ShownHeader[] = []
  for (let i = 0; i < lines.length; i += 2) {
    const [name, value] = [lines[i] as string, lines[i + 1] as string]
    headers.push({ name, value, masked: value.endsWith(mask) })
  }
  return headers
}
