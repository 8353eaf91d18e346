import type { SecretForm } from './format'

// Secrets whose text is itself the HMAC key.

/** A secret of 8 to 255 printable ASCII characters. `generate` makes one as its vendor does. */
export const textSecret = (hint: string, generate: SecretForm['generate']): SecretForm => ({
  hint,
  generate,
  refuse: (text) =>
    /^[\x20-\x7e]{8,255}$/.test(text)
      ? undefined
      : 'Enter 8 to 255 plain letters, digits and signs, as your receiver holds it.',
})

/** The HMAC key is the secret's text. */
export const textKey = { encoding: 'utf8', prefix: '' } as const

/** Lower-case hex. */
export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
