// Outside the database ids are shown as TypeIDs (https://github.com/jetify-com/typeid): a prefix and 26 letters.

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const values = new Map([...alphabet].map((letter, value) => [letter, value]))

/** What an id names; the prefix people see. */
export const prefixes = {
  account: 'acc',
  event: 'evt',
  delivery: 'dlv',
  call: 'cal',
  webhook: 'whk',
  feedback: 'fbk',
  source: 'src',
  apiKey: 'key',
} as const
export type IdKind = keyof typeof prefixes

/** `dlv_01jd…`: a UUID as TypeID. */
export function showId(kind: IdKind, uuid: string): string {
  const hex = uuid.replaceAll('-', '')
  // 128 bits in 26 letters of 5 bits: the first letter holds 3.
  let text = alphabet[Number.parseInt(hex[0] as string, 16) >> 1] as string
  let rest = Number.parseInt(hex[0] as string, 16) & 1
  let bits = 1
  for (let i = 1; i < 32; i++) {
    rest = (rest << 4) | Number.parseInt(hex[i] as string, 16)
    bits += 4
    if (bits >= 5) {
      bits -= 5
      text += alphabet[rest >> bits]
      rest &= (1 << bits) - 1
    }
  }
  return `${prefixes[kind]}_${text}`
}

/** The UUID of a TypeID of this kind, or undefined when the text is none. */
export function readId(kind: IdKind, text: string): string | undefined {
  const prefix = `${prefixes[kind]}_`
  if (text.length !== prefix.length + 26 || !text.startsWith(prefix)) return undefined
  let value = 0n
  for (const letter of text.slice(prefix.length)) {
    const digit = values.get(letter)
    if (digit === undefined) return undefined
    value = (value << 5n) | BigInt(digit)
  }
  if (value >= 1n << 128n) return undefined
  const hex = value.toString(16).padStart(32, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
