// Outside the database, ids are TypeIDs (https://github.com/jetify-com/typeid): a prefix and 26 letters.

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const pairs = [...alphabet].flatMap((first) => [...alphabet].map((second) => first + second))
const values = new Map([...alphabet].map((letter, value) => [letter, value]))

/** The prefix of each kind of id. */
export const prefixes = {
  account: 'acc',
  event: 'evt',
  delivery: 'dlv',
  call: 'cal',
  webhook: 'whk',
  recovery: 'rcv',
  erasure: 'ers',
  feedback: 'fbk',
  source: 'src',
  apiKey: 'key',
} as const
export type IdKind = keyof typeof prefixes

/** A UUID as a TypeID, such as `dlv_01jd…`. */
export function showId(kind: IdKind, uuid: string): string {
  const hex = uuid.replaceAll('-', '')
  // 26 letters of 5 bits hold 128 bits. Two letters are written at a time: the first pair holds 8 bits, the others 10.
  let text = pairs[Number.parseInt(hex.slice(0, 2), 16)] as string
  // Five hex digits hold two pairs.
  for (let at = 2; at < 32; at += 5) {
    const bits = Number.parseInt(hex.slice(at, at + 5), 16)
    text += (pairs[bits >> 10] as string) + pairs[bits & 1023]
  }
  return `${prefixes[kind]}_${text}`
}

/** The UUID of a TypeID of this kind. Undefined when the text is not one. */
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
