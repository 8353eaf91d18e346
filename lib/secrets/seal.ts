import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { env } from '../env'
import { Secret } from './secret'

// Encryption at rest: AES-256-GCM, `v1.keyid.iv.tag.ciphertext` (base64url), bound to its account, row and column by
// the additional data, so that a ciphertext moved to another row does not open. There is no plaintext fallback.

/**
 * The place of a sealed value: account id, then what identifies its row and column, such as `webhook_secrets`, id,
 * version.
 */
export type SealPlace = readonly [accountId: string, ...rest: (string | number)[]]

/** The key ring lacks the key of a sealed value. The value is intact; the operator must add the key again. */
export class UnknownSealKeyError extends Error {
  constructor(readonly keyId: string) {
    super(`HEARBACK_SECRET_KEYS has no key "${keyId}", which a stored secret needs`)
  }
}

/** A value was changed or moved to another row after sealing, or was never sealed. */
export class DamagedSealError extends Error {}

export type KeyRing = { active: string; keys: Map<string, Buffer> }

/** Parses a validated `id:base64,id:base64`. The first key is the active one, which seals. */
export function readKeyRing(entries: string[]): KeyRing {
  const keys = new Map(
    entries.map((entry) => {
      const at = entry.indexOf(':')
      return [entry.slice(0, at), Buffer.from(entry.slice(at + 1), 'base64')] as const
    }),
  )
  return { active: [...keys.keys()][0] as string, keys }
}

let ring: KeyRing | undefined
const ownRing = (): KeyRing => {
  ring ??= readKeyRing(env().HEARBACK_SECRET_KEYS)
  return ring
}

/** The id of the key that sealed a value, as the value says; '' when it was never sealed. */
export const keyIdOf = (sealed: string): string => /^v1\.([^.]+)\./.exec(sealed)?.[1] ?? ''

/** The key ring of this process. */
export const ownKeyRing = (): KeyRing => ownRing()

const bind = (place: SealPlace) => Buffer.from(JSON.stringify(place))

/** Seals `text` for one place with the active key. */
export function seal(text: string, place: SealPlace, { active, keys }: KeyRing = ownRing()): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keys.get(active) as Buffer, iv).setAAD(bind(place))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return ['v1', active, ...[iv, cipher.getAuthTag(), body].map((part) => part.toString('base64url'))].join('.')
}

/**
 * Opens what `seal` made for the same place. Throws UnknownSealKeyError when the ring lacks the key, DamagedSealError
 * when the value was changed or moved.
 */
export function unseal(sealed: string, place: SealPlace, { keys }: KeyRing = ownRing()): Secret {
  const [version, keyId, iv, tag, body] = sealed.split('.')
  if (version !== 'v1' || keyId === undefined || !iv || !tag || body === undefined)
    throw new DamagedSealError('not a sealed value')
  const key = keys.get(keyId)
  if (!key) throw new UnknownSealKeyError(keyId)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: 16 })
      .setAAD(bind(place))
      .setAuthTag(Buffer.from(tag, 'base64url'))
    const opened = Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()])
    return new Secret(opened.toString('utf8'))
  } catch {
    throw new DamagedSealError('a sealed value does not open in its place')
  }
}

/**
 * Keyed fingerprints of `text` for one purpose: an HMAC-SHA256 for each key of the ring, the active key first. Store
 * the first and compare with all. Without the key ring, `text` cannot be guessed from a stored fingerprint.
 */
export function fingerprints(text: string, purpose: string, { active, keys }: KeyRing = ownRing()): Buffer[] {
  const activeFirst = [...keys.keys()].sort((a, b) => Number(b === active) - Number(a === active))
  return activeFirst.map((id) => {
    const key = hkdfSync('sha256', keys.get(id) as Buffer, '', `hearback ${purpose}`, 32)
    return createHmac('sha256', Buffer.from(key)).update(text).digest()
  })
}
