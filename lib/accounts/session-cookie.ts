import { createHmac, timingSafeEqual } from 'node:crypto'

// The session cookie as better-auth writes it: `token.signature`, the signature an HMAC-SHA256 of the token in base64.

type Setting = { hubUrl: string; sessionSecret: string }

/** Browsers take a name that begins with `__Secure-` from https alone. */
export const sessionCookieName = (hubUrl: string): string =>
  `${hubUrl.startsWith('https://') ? '__Secure-' : ''}hearback.session_token`

/** The token in the value of a session cookie that this hub signed; undefined for any other value. */
export function signedToken(value: string | undefined, sessionSecret: string): string | undefined {
  const [token, signature] = (value ?? '').split('.')
  if (!token || !signature) return undefined
  const own = createHmac('sha256', sessionSecret).update(token).digest()
  const given = Buffer.from(signature, 'base64')
  return given.length === own.length && timingSafeEqual(given, own) ? token : undefined
}

/**
 * Whether a Cookie header carries a session cookie that this hub signed. Whether the session still exists is asked of the
 * database, later.
 */
export function hasSession(cookies: string | undefined, { hubUrl, sessionSecret }: Setting): boolean {
  const name = `${sessionCookieName(hubUrl)}=`
  const found = cookies?.split(/;\s*/).find((cookie) => cookie.startsWith(name))
  return signedToken(decoded(found?.slice(name.length) ?? ''), sessionSecret) !== undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
