import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Whether a Cookie header carries a session cookie that this hub signed. Whether the session still exists is asked of the
 * database, later. The cookie is `token.signature`, the signature an HMAC-SHA256 of the token in base64 (better-auth).
 */
export function hasSession(cookies: string | undefined, { sessionSecret }: { sessionSecret: string }): boolean {
  const found = /(?:^|;\s*)(?:__Secure-)?hearback\.session_token=([^;]*)/.exec(cookies ?? '')?.[1]
  const [token, signature] = decoded(found ?? '').split('.')
  if (!token || !signature) return false
  const own = createHmac('sha256', sessionSecret).update(token).digest()
  const given = Buffer.from(signature, 'base64')
  return given.length === own.length && timingSafeEqual(given, own)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
