// Integer ids for things without a number of their own, for formats whose ids are integers. The same text always gives the
// same integer.

const offsetBasis = 0xcbf29ce484222325n
const prime = 0x100000001b3n
const bits = 52n

/** 64-bit FNV-1a of the UTF-8 text, XOR-folded to 52 bits (RFC 9923), so that a JSON number carries it exactly. */
export function integerId(text: string): number {
  let hash = offsetBasis
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime)
  return Number((hash >> bits) ^ BigInt.asUintN(Number(bits), hash))
}
