import { timeOfId } from '../db/ids'
import { formats } from '../formats/formats'
import { callHeaders } from '../pipeline/deliver/request'
import { showId } from '../type-id'
import type { CallDetail } from './read-call'

// The exact request of a past call, put together again from what was kept of it, by the function that builds the
// headers of every call. Secrets are masked unless a person asked for them (call-secrets.ts). Pure.

export const mask = '••••••••'

/** The values that are masked: Authorization, and the custom headers as name, value, name, value, … */
export type RequestSecrets = { authorization: string | undefined; custom: string[] }

export type ShownHeader = { name: string; value: string /** Its value stands masked here. */; masked: boolean }
export type ShownRequest = { line: string; headers: ShownHeader[] }

/** What stands in the place of the secrets: their scheme shows, their value does not. */
export function maskedSecrets({ call, webhook }: CallDetail): RequestSecrets {
  return {
    authorization:
      webhook.authentication === 'basic' ? `Basic ${mask}` : call.keyVersion === null ? undefined : `hmac ${mask}`,
    custom: webhook.headerNames.flatMap((name) => [name, mask]),
  }
}

/** The request line and every header line; undefined when the call ended before there was a request. */
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
    }),
  ]
  if (body !== null) lines.push('content-length', String(Buffer.byteLength(body)))
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
