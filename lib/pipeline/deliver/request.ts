import { timeOfId } from '../../db/ids'
import { contentTypes, type Encoding, type Format } from '../../formats/format'
import type { Secret } from '../../secrets/secret'
import { showId } from '../../type-id'
import { userAgent } from '../../version'
import type { OutgoingCall } from './deliver'

// Step "sign", the part all formats share: the header lines of one call. Pure; the drain, the test fire and the page
// that shows a call all build them here, so that what is shown is what was sent.

export type Credentials = {
  /** Basic, when chosen, takes the place of the account's pre-shared key. */
  basic?: { user: string; password: Secret }
  preSharedKey?: Secret
}

export type CallHeaders = {
  format: Format
  encoding: Encoding
  /** The webhook-id: the delivery's TypeID. */
  deliveryId: string
  attempt: number
  feedbackVersion: number | null
  /** Unix seconds. */
  timestamp: number
  /** When the event was accepted, in milliseconds. */
  triggeredAtMs: number
  signature: string | null
  /** The value of Authorization, or undefined. */
  authorization: string | undefined
  /** Custom headers: name, value, name, value, … */
  custom: readonly string[]
  test?: boolean
  /** A person has sent the delivery again. */
  replay?: boolean
}

/** The value of the Authorization header. Feefo's “WebHooks” gives the form `hmac <pre-shared key>`. */
export function authorizationValue({ basic, preSharedKey }: Credentials): string | undefined {
  if (basic) return `Basic ${Buffer.from(`${basic.user}:${basic.password.reveal()}`).toString('base64')}`
  return preSharedKey && `hmac ${preSharedKey.reveal()}`
}

/** All header lines that the hub sets: name, value, name, value, … `host` and `content-length` come from the client. */
export function callHeaders(call: CallHeaders): string[] {
  const lines = [
    'content-type',
    contentTypes[call.encoding],
    'user-agent',
    userAgent,
    'webhook-id',
    call.deliveryId,
    'hearback-attempt',
    String(call.attempt),
  ]
  if (call.feedbackVersion !== null) lines.push('hearback-feedback-version', String(call.feedbackVersion))
  if (call.test) lines.push('hearback-test', 'true')
  if (call.replay) lines.push('hearback-replay', 'true')
  lines.push(...call.format.headers(call))
  if (call.authorization !== undefined) lines.push('authorization', call.authorization)
  for (let i = 0; i < call.custom.length; i += 2) {
    const name = call.custom[i] as string
    // The account's key or Basic owns Authorization whenever there is one.
    if (call.authorization !== undefined && name.toLowerCase() === 'authorization') continue
    lines.push(name, call.custom[i + 1] as string)
  }
  return lines
}

/** The secrets of one call. `custom`: its custom headers as name, value, name, value, … */
export type CallSecrets = Credentials & { signing: readonly Secret[]; custom: readonly string[] }

export type CallContent = Pick<
  CallHeaders,
  'format' | 'encoding' | 'attempt' | 'feedbackVersion' | 'custom' | 'test' | 'replay'
> & {
  /** Path and query of the URL. */
  path: string
  body: string
  deliveryId: string
  credentials: Credentials
  /** The signing secrets in force, the latest first. */
  secrets: Secret[]
  /** Now, in Unix milliseconds by the database's clock. */
  nowMs: number
}

export type SignedCall = {
  request: OutgoingCall
  /** The Unix seconds that were signed. */
  signedAt: number
  signature: string | null
  /** What its receiver may echo and nobody may read. */
  secrets: CallSecrets
}

/** Builds and signs the request of one call. Pure. Each property is named: to spread them takes longer than to sign. */
export function buildCall(content: CallContent): SignedCall {
  const { body, credentials, secrets, custom } = content
  const deliveryId = showId('delivery', content.deliveryId)
  const timestamp = Math.floor(content.nowMs / 1000)
  const signature = content.format.sign({ deliveryId, timestamp, body, secrets })
  const headers = callHeaders({
    format: content.format,
    encoding: content.encoding,
    deliveryId,
    attempt: content.attempt,
    feedbackVersion: content.feedbackVersion,
    timestamp,
    triggeredAtMs: timeOfId(content.deliveryId),
    signature,
    authorization: authorizationValue(credentials),
    custom,
    test: content.test,
    replay: content.replay,
  })
  return {
    request: { path: content.path, headers, body },
    signedAt: timestamp,
    signature,
    secrets: { basic: credentials.basic, preSharedKey: credentials.preSharedKey, signing: secrets, custom },
  }
}
