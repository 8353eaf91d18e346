import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { inspect } from 'node:util'

export type KeyReading = { encoding: 'base64' | 'utf8'; prefix: string }

/** A secret in memory. It prints, logs and serialises as [redacted]. Only `reveal` returns the text. */
export class Secret {
  readonly #text: string
  readonly #keys = new Map<string, KeyObject>()

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  /** HMAC of `content`. The key is this secret's text without `prefix`, read as `encoding`; it is created once. */
  hmac(
    algorithm: 'sha1' | 'sha256',
    { encoding, prefix }: KeyReading,
    content: string,
    written: 'base64' | 'hex' = 'base64',
  ): string {
    const reading = prefix + encoding
    let key = this.#keys.get(reading)
    if (!key) {
      const text = this.#text.startsWith(prefix) ? this.#text.slice(prefix.length) : this.#text
      key = createSecretKey(Buffer.from(text, encoding))
      this.#keys.set(reading, key)
    }
    return createHmac(algorithm, key).update(content).digest(written)
  }

  toString(): string {
    return '[redacted]'
  }

  toJSON(): string {
    return '[redacted]'
  }

  [inspect.custom](): string {
    return '[redacted]'
  }
}
