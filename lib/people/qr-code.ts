// A QR code (ISO/IEC 18004) of a text: byte mode, error correction level L, versions 1 to 20, mask 0. Enough for the
// address that an authenticator app scans from a screen, which is why no library is needed for it.

/** By version: error correction codewords in each block, and the number of blocks, at level L. */
const eccPerBlock = [0, 7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28]
const blockCounts = [0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8]

type Grid = { size: number; dark: boolean[][]; fixed: boolean[][] }

/** The modules of the code, row by row; true is dark. Throws when the text has more than 858 bytes. */
export function qrCode(text: string): boolean[][] {
  const data = new TextEncoder().encode(text)
  const version = blockCounts.findIndex((_, at) => at > 0 && headBytes(at) + data.length <= dataBytes(at))
  if (version < 0) throw new RangeError('the text is too long for a QR code')
  const grid = emptyGrid(version)
  drawFunctionPatterns(grid, version)
  drawCodewords(grid, withCorrection(version, encode(version, data)))
  return grid.dark
}

// --- codewords -------------------------------------------------------------------------------------------------------

/** Mode, length and terminator, rounded up. */
const headBytes = (version: number) => (version < 10 ? 2 : 3)

/** All modules that hold codewords, in bytes. */
function rawBytes(version: number): number {
  let modules = (16 * version + 128) * version + 64
  if (version >= 2) {
    const aligned = Math.floor(version / 7) + 2
    modules -= (25 * aligned - 10) * aligned - 55 + (version >= 7 ? 36 : 0)
  }
  return modules >> 3
}

const dataBytes = (version: number) =>
  rawBytes(version) - (eccPerBlock[version] as number) * (blockCounts[version] as number)

function encode(version: number, data: Uint8Array): number[] {
  const bits: number[] = []
  const put = (value: number, length: number) => {
    for (let at = length - 1; at >= 0; at--) bits.push((value >> at) & 1)
  }
  put(0b0100, 4)
  put(data.length, version < 10 ? 8 : 16)
  for (const byte of data) put(byte, 8)
  put(0, 4)
  while (bits.length % 8 > 0) bits.push(0)
  const bytes = Array.from({ length: bits.length / 8 }, (_, at) =>
    Number.parseInt(bits.slice(at * 8, at * 8 + 8).join(''), 2),
  )
  const full = dataBytes(version)
  while (bytes.length < full) bytes.push(bytes.length % 2 === (bits.length / 8) % 2 ? 0xec : 0x11)
  return bytes.slice(0, full)
}

/** Splits the data into blocks, adds each one's Reed–Solomon codewords, and interleaves them. */
function withCorrection(version: number, data: number[]): number[] {
  const count = blockCounts[version] as number
  const ecc = eccPerBlock[version] as number
  const short = Math.floor(data.length / count)
  const long = data.length % count
  const divisor = generator(ecc)
  let from = 0
  const blocks = Array.from({ length: count }, (_, at) => {
    const own = data.slice(from, from + short + (at >= count - long ? 1 : 0))
    from += own.length
    return { own, check: remainder(own, divisor) }
  })
  const across = (parts: number[][], length: number) =>
    Array.from({ length }, (_, at) => parts.flatMap((part) => part[at] ?? [])).flat()
  return [
    ...across(
      blocks.map(({ own }) => own),
      short + 1,
    ),
    ...across(
      blocks.map(({ check }) => check),
      ecc,
    ),
  ]
}

/** The product of two elements of GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(x: number, y: number): number {
  let product = 0
  for (let at = 7; at >= 0; at--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d)
    product ^= ((y >> at) & 1) * x
  }
  return product
}

function generator(degree: number): number[] {
  const terms = [...Array<number>(degree - 1).fill(0), 1]
  let root = 1
  for (let power = 0; power < degree; power++) {
    for (let at = 0; at < degree; at++) terms[at] = multiply(terms[at] as number, root) ^ (terms[at + 1] ?? 0)
    root = multiply(root, 2)
  }
  return terms
}

function remainder(data: number[], divisor: number[]): number[] {
  const rest = divisor.map(() => 0)
  for (const byte of data) {
    const factor = byte ^ (rest.shift() as number)
    rest.push(0)
    divisor.forEach((term, at) => {
      rest[at] = (rest[at] as number) ^ multiply(term, factor)
    })
  }
  return rest
}

// --- modules ---------------------------------------------------------------------------------------------------------

function emptyGrid(version: number): Grid {
  const size = version * 4 + 17
  const rows = () => Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  return { size, dark: rows(), fixed: rows() }
}

function set({ size, dark, fixed }: Grid, x: number, y: number, isDark: boolean): void {
  if (x < 0 || y < 0 || x >= size || y >= size) return
  const [row, taken] = [dark[y] as boolean[], fixed[y] as boolean[]]
  row[x] = isDark
  taken[x] = true
}

function drawFunctionPatterns(grid: Grid, version: number): void {
  const { size } = grid
  for (let at = 0; at < size; at++) {
    set(grid, 6, at, at % 2 === 0)
    set(grid, at, 6, at % 2 === 0)
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    drawSquare(grid, x, y, 4, (distance) => distance !== 2 && distance !== 4)
  const places = alignments(version, size)
  for (const x of places)
    for (const y of places) {
      const atFinder = (x === 6 && y === 6) || (x === 6 && y === size - 7) || (x === size - 7 && y === 6)
      if (!atFinder) drawSquare(grid, x, y, 2, (distance) => distance !== 1)
    }
  drawFormat(grid)
  if (version >= 7) drawVersion(grid, version)
}

function drawSquare(grid: Grid, x: number, y: number, radius: number, isDark: (distance: number) => boolean): void {
  for (let dy = -radius; dy <= radius; dy++)
    for (let dx = -radius; dx <= radius; dx++) set(grid, x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))))
}

function alignments(version: number, size: number): number[] {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2
  return [6, ...Array.from({ length: count - 1 }, (_, at) => size - 7 - step * at).reverse()]
}

/** Appends the remainder of a BCH code. */
function withBch(data: number, length: number, polynomial: number): number {
  let rest = data
  for (let at = 0; at < length; at++) rest = (rest << 1) ^ ((rest >> (length - 1)) * polynomial)
  return (data << length) | rest
}

/** Level L and mask 0, twice, and the module that is always dark. */
function drawFormat(grid: Grid): void {
  const { size } = grid
  const bits = withBch(0b01 << 3, 10, 0x537) ^ 0x5412
  const bit = (at: number) => ((bits >> at) & 1) === 1
  for (let at = 0; at < 15; at++) {
    const along = at < 6 ? at : at < 8 ? at + 1 : size - 15 + at
    set(grid, 8, along, bit(at))
    const across = at < 8 ? size - 1 - at : at === 8 ? 7 : 14 - at
    set(grid, across, 8, bit(at))
  }
  set(grid, 8, size - 8, true)
}

function drawVersion(grid: Grid, version: number): void {
  const bits = withBch(version, 12, 0x1f25)
  for (let at = 0; at < 18; at++) {
    const isDark = ((bits >> at) & 1) === 1
    const [a, b] = [grid.size - 11 + (at % 3), Math.floor(at / 3)]
    set(grid, a, b, isDark)
    set(grid, b, a, isDark)
  }
}

/** Two columns at a time from the right, up and down in turn. Mask 0 inverts where row + column is even. */
function drawCodewords({ size, dark, fixed }: Grid, codewords: number[]): void {
  let at = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    const upward = ((right + 1) & 2) === 0
    for (let step = 0; step < size; step++)
      for (const x of [right, right - 1]) {
        const y = upward ? size - 1 - step : step
        if (fixed[y]?.[x]) continue
        const bit = ((codewords[at >> 3] ?? 0) >> (7 - (at & 7))) & 1
        const row = dark[y] as boolean[]
        row[x] = (bit === 1) !== ((x + y) % 2 === 0)
        at++
      }
  }
}
