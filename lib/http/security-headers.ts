export type SecurityHeaderOptions = {
  /** Fresh for every page; Next reads it from the *request's* content-security-policy header. Without, no script runs. */
  nonce?: string
  /** `next dev` evaluates code and keeps a web socket. */
  dev: boolean
  /** The hub's public address is https://. */
  https: boolean
}

/**
 * The Content-Security-Policy. Styles are `unsafe-inline` because sonner injects a style element and Base UI writes style
 * attributes, both without a nonce; scripts never are.
 */
export function contentSecurityPolicy({ nonce, dev }: Pick<SecurityHeaderOptions, 'nonce' | 'dev'>): string {
  return [
    "default-src 'self'",
    nonce ? `script-src 'self' 'nonce-${nonce}'${dev ? " 'unsafe-eval'" : ''}` : "script-src 'none'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    `connect-src 'self'${dev ? ' ws:' : ''}`,
    "frame-ancestors 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "object-src 'none'",
  ].join('; ')
}

/** The headers of every response, with lower-case names. */
export function securityHeaders(options: SecurityHeaderOptions): Record<string, string> {
  return {
    'content-security-policy': contentSecurityPolicy(options),
    'x-content-type-options': 'nosniff',
    // A set-up or invitation link carries its code in the address, which must not reach other sites.
    'referrer-policy': 'same-origin',
    'x-frame-options': 'DENY',
    // Nothing here is for a search engine: not even the page that asks for a password.
    'x-robots-tag': 'noindex, nofollow',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(options.https ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  }
}
