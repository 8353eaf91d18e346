import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CutBody, cutBody, eventBytesAtMost } from './cut-body'

/** The pieces of a body, each parsed alone; undefined when the body is refused or a piece is not valid JSON. */
async function cutAndParse(body: Buffer, ndjson = false): Promise<unknown[] | undefined> {
  const cut = await cutBody(body, ndjson)
  if ('status' in cut) return undefined
  try {
    return cut.pieces.map(({ start, end }) => JSON.parse(body.toString('utf8', start, end)))
  } catch {
    return undefined
  }
}

/** What JSON.parse says of the whole body: its elements, or the one value. */
function parseWhole(body: Buffer): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return Array.isArray(value) ? value : [value]
  } catch {
    return undefined
  }
}

const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/)
/** Text that could be taken for structure: brackets, quotes, escapes, and characters of two to four bytes. */
const trickyText = fc
  .array(
    fc.constantFrom('[', ']', '{', '}', ',', ':', '"', '\\', '\\"', '\n', '\r\n', '\u2028', 'é', '€', '😀', '\0', 'a'),
  )
  .map((parts) => parts.join(''))
const value = fc.letrec((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    trickyText,
    fc.constantFrom(null, true, false, 0, -1.5e-7, 12),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(trickyText, tie('node'), { maxKeys: 4 }),
  ),
})).node
const text = fc.tuple(value, fc.constantFrom(undefined, 1, '\t'), fc.boolean()).map(([value, indent, escaped]) => {
  const json = JSON.stringify(value, null, indent)
  return escaped ? json.replaceAll(/[^ -~\s]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`) : json
})
const list = fc
  .tuple(fc.array(fc.tuple(space, text, space), { maxLength: 6 }), space)
  .map(([items, end]) => `[${items.map((parts) => parts.join('')).join(',')}${end}]`)
const body = fc.tuple(fc.constantFrom('', '\ufeff'), space, fc.oneof(list, text), space).map((parts) => parts.join(''))

test('a valid body is cut into exactly the elements that JSON.parse finds in the whole', async () => {
  await fc.assert(
    fc.asyncProperty(body, async (body) => {
      const whole = parseWhole(Buffer.from(body))
      expect(whole).toBeDefined()
      expect(await cutAndParse(Buffer.from(body))).toEqual(whole)
    }),
    { numRuns: 500 },
  )
})

test('a body that was damaged anywhere is taken only if JSON.parse takes the whole', async () => {
  const damage = fc.constantFrom(
    ...['', ',', ',,', '[', ']', '{', '}', ':', '"', '\\', '\n', '\0', '\ufeff', '1', 'x'].map((text) =>
      Buffer.from(text),
    ),
    Buffer.from([0xff]),
    Buffer.from([0xc3]),
    Buffer.from([0xed, 0xa0, 0x80]),
  )
  await fc.assert(
    fc.asyncProperty(body, fc.nat(), fc.nat(2), damage, async (body, place, removed, added) => {
      const bytes = Buffer.from(body)
      const at = place % (bytes.length + 1)
      const damaged = Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)])
      expect(await cutAndParse(damaged)).toEqual(parseWhole(damaged))
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  '[1,]',
  '[,1]',
  '[1,,2]',
  '[1 2]',
  '[1]]',
  '[1',
  '1]',
  '1,2',
  '[1],[2]',
  '[1]x',
  '{"a":1}{"b":2}',
  '["]',
  '[%ff]',
])('%s is refused', async (body) => expect(await cutAndParse(Buffer.from(body))).toBeUndefined())

test('lines are cut at line feeds alone, and empty ones are skipped', async () => {
  const line = text.filter((json) => !/[\r\n]/.test(json))
  const ends = fc.constantFrom('\n', '\r\n', '\n\n', '\n \t\n')
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 6 }), ends, fc.boolean(), async (lines, end, closed) => {
      const body = Buffer.from(lines.join(end) + (closed ? end : ''))
      expect(await cutAndParse(body, true)).toEqual(lines.map((line) => JSON.parse(line)))
    }),
  )
})

const excess = async (body: string, ndjson = false) =>
  ((await cutBody(Buffer.from(body), ndjson)) as CutBody).pieces.map(({ excess }) => excess)

test('an event past its size, depth or number of keys is marked, and its neighbours are not', async () => {
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  const keyed = (keys: number) => `{${'"a":1,'.repeat(keys - 1)}"a":1}`
  const sized = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`
  const events = [
    deep(32),
    deep(33),
    keyed(1000),
    keyed(1001),
    sized(eventBytesAtMost),
    sized(eventBytesAtMost + 1),
    '1',
  ]
  const expected = [undefined, 'depth', undefined, 'keys', undefined, 'bytes', undefined]
  expect(await excess(`[${events.join(' , ')}]`)).toEqual(expected)
  expect(await excess(events.join('\n'), true)).toEqual(expected)
  for (const [i, event] of events.entries()) if (i > 1) expect(await excess(event)).toEqual([expected[i]])
})

test('brackets, colons and commas inside texts count for nothing', async () => {
  const text = JSON.stringify(`${'['.repeat(100)}${':'.repeat(2_000)}","\\"${'{'.repeat(100)}`)
  expect(await excess(`[${text},{"a":${text}}]`)).toEqual([undefined, undefined])
})

test.each([
  ['lines that are no JSON', 'x\n', true],
  ['elements', '1,', false],
])('a body of millions of %s is refused when the first 1,001 are counted', async (_, part, ndjson) => {
  const body = Buffer.from(`${ndjson ? '' : '['}${part.repeat(2_600_000)}`)
  const began = performance.now()
  expect(await cutBody(body, ndjson)).toMatchObject({ status: 413 })
  expect(performance.now() - began).toBeLessThan(1_000)
})
