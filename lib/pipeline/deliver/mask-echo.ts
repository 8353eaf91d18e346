import { isAuthorization } from '../../webhooks/header-schema'
import type { CallResult } from './call-result'
import { authorizationValue, type CallSecrets } from './request'

// Between the steps "deliver" and "record": a receiver that echoes its request must not bring the secrets of the call into
// the call log, where people see them who may not see the secrets. Pure.

export const mask = '••••••••'
/** A shorter value occurs by chance in ordinary text. */
const maskedFromLength = 6
const escapedInJson = /["\\\p{Cc}]/u

/**
 * The result with every occurrence of a secret of the call replaced by `mask`, in the headers, the body and the detail of the
 * answer. Looked for are the pre-shared key, the signing secrets as they are shown, the Basic password and the base64 of its
 * header, the values of custom headers, and what follows the scheme of an own header; each as it is and as it stands inside
 * a JSON string. Values under 6 characters stay.
 */
export const maskEcho = (result: CallResult, secrets: CallSecrets): CallResult => hide(result, valuesOf(secrets))

/** `maskEcho` for the calls of one webhook. It keeps what to look for while the secrets stay the same. */
export class EchoMask {
  #secrets: CallSecrets = { signing: [], custom: [] }
  #values: string[] = []

  mask(result: CallResult, secrets: CallSecrets): CallResult {
    if (!areSame(this.#secrets, secrets)) {
      this.#secrets = secrets
      this.#values = valuesOf(secrets)
    }
    return hide(result, this.#values)
  }
}

const areSame = (a: CallSecrets, b: CallSecrets) =>
  a.basic === b.basic &&
  a.preSharedKey === b.preSharedKey &&
  a.custom === b.custom &&
  a.signing.length === b.signing.length &&
  a.signing.every((secret, i) => secret === b.signing[i])

function hide(result: CallResult, values: string[]): CallResult {
  // A body that was cut may end within a secret.
  const isCut = result.responseBytes > result.responseBody.length
  // Nearly every answer echoes nothing, and is not copied.
  if (!isCut && !echoes(result, values)) return result
  const masked = (text: string) => values.reduce((rest, value) => rest.replaceAll(value, mask), text)
  const responseBody = masked(result.responseBody)
  return {
    ...result,
    detail: result.detail && masked(result.detail),
    responseHeaders: result.responseHeaders.map(masked),
    responseBody: isCut ? hideStartAtEnd(responseBody, values) : responseBody,
  }
}

function echoes({ detail, responseBody, responseHeaders }: CallResult, values: string[]): boolean {
  for (const value of values) {
    if (responseBody.length >= value.length && responseBody.includes(value)) return true
    if (detail?.includes(value)) return true
    for (const text of responseHeaders) if (text.length >= value.length && text.includes(value)) return true
  }
  return false
}

/** Longest first, so that a secret that contains another is masked whole. */
function valuesOf({ basic, preSharedKey, signing, custom }: CallSecrets): string[] {
  const values: string[] = []
  const add = (value: string | undefined) => {
    if (value === undefined || value.length < maskedFromLength) return
    values.push(value)
    if (escapedInJson.test(value)) values.push(JSON.stringify(value).slice(1, -1))
  }
  if (basic) {
    add(basic.password.reveal())
    add(authorizationValue({ basic })?.slice('Basic '.length))
  } else add(preSharedKey?.reveal())
  for (const secret of signing) add(secret.reveal())
  for (let i = 1; i < custom.length; i += 2) {
    add(custom[i])
    // What follows the scheme of an own header, such as Bearer, is the secret by itself.
    if (isAuthorization(custom[i - 1] as string)) add(custom[i]?.split(' ').at(-1))
  }
  return values.length > 1 ? values.sort((a, b) => b.length - a.length) : values
}

function hideStartAtEnd(text: string, values: string[]): string {
  for (const value of values)
    for (let length = Math.min(value.length - 1, text.length); length >= maskedFromLength; length--)
      if (text.endsWith(value.slice(0, length))) return text.slice(0, -length) + mask
  return text
}
