import type { SecretForm } from './format'

/** A secret of Standard Webhooks: `whsec_` and base64 of 24 to 64 bytes. These bytes are the HMAC key. */
export const whsec: SecretForm = {
  hint: 'whsec_ followed by base64 of 24 to 64 bytes',
  generate: (bytes) => `whsec_${btoa(String.fromCharCode(...bytes))}`,
  refuse(text) {
    const encoded = text.startsWith('whsec_') ? text.slice(6) : undefined
    const bytes =
      encoded && /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) && encoded.length % 4 === 0 ? atob(encoded).length : 0
    return bytes >= 24 && bytes <= 64
      ? undefined
      : 'Enter whsec_ followed by base64 of 24 to 64 bytes, as your receiver holds it.'
  },
}

/** The HMAC key is what the secret's base64 decodes to. */
export const whsecKey = { encoding: 'base64', prefix: 'whsec_' } as const
