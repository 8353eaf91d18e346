// Integers for things that have no number of their own, because some formats' ids are integers. The same text always
// gives the same one.

const offsetBasis = 0xcbf29ce484222325n
const prime = 0x100000001b3n
const bits = 52n

/** FNV-1a of 64 bits over UTF-8, folded by XOR to 52 (RFC 9923): an integer that a JSON number carries exactly. */
export function integerId(text: string): number {
  let hash = offsetBasis
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime)
  return Number((hash >> bits) ^ BigInt.asUintN(Number(bits), hash))
}
