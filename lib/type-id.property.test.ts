import fc from 'fast-check'
import { v7 } from 'uuid'
import { expect, test } from 'vitest'
import { newId, newRandomId } from './db/ids'
import { type IdKind, prefixes, readId, showId } from './type-id'

const kind = fc.constantFrom(...(Object.keys(prefixes) as IdKind[]))
const hex = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map((value) => value.toString(16).padStart(32, '0'))
const uuid = hex.map((hex) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'))

test.each([
  ['00000000-0000-0000-0000-000000000000', '00000000000000000000000000'],
  ['00000000-0000-0000-0000-000000000001', '00000000000000000000000001'],
  ['00000000-0000-0000-0000-00000000000a', '0000000000000000000000000a'],
  ['00000000-0000-0000-0000-000000000020', '00000000000000000000000010'],
  ['01890a5d-ac96-774b-bcce-b302099a8057', '01h455vb4pex5vsknk084sn02q'],
  ['ffffffff-ffff-ffff-ffff-ffffffffffff', '7zzzzzzzzzzzzzzzzzzzzzzzzz'],
])('%s is shown as %s, as in the TypeID specification', (uuid, text) => {
  expect(showId('event', uuid)).toBe(`evt_${text}`)
  expect(readId('event', `evt_${text}`)).toBe(uuid)
})

test('every UUID is read back from its TypeID', () => {
  fc.assert(
    fc.property(kind, uuid, (kind, uuid) => {
      const shown = showId(kind, uuid)
      expect(shown).toMatch(/^[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}$/)
      expect(readId(kind, shown)).toBe(uuid)
    }),
    { numRuns: 1_000 },
  )
  for (const id of [newId(), newRandomId(), v7()]) expect(readId('call', showId('call', id))).toBe(id)
})

test('an id of one kind is not read as another kind', () => {
  fc.assert(
    fc.property(kind, kind, uuid, (kind, other, uuid) => {
      fc.pre(kind !== other)
      expect(readId(other, showId(kind, uuid))).toBeUndefined()
    }),
  )
  expect(new Set(Object.values(prefixes)).size).toBe(Object.keys(prefixes).length)
})

test('ids sort in the order of their UUIDs', () => {
  fc.assert(
    fc.property(uuid, uuid, (a, b) => {
      expect(showId('event', a) < showId('event', b)).toBe(a < b)
    }),
  )
})

test('text that is no id of the kind gives undefined, never an exception', () => {
  const good = showId('event', '01890a5d-ac96-774b-bcce-b302099a8057')
  const bad = [
    '',
    'evt_',
    good.slice(0, -1),
    `${good}0`,
    good.toUpperCase(),
    good.slice(4),
    ` ${good}`,
    `${good}\n`,
    'evt_8zzzzzzzzzzzzzzzzzzzzzzzzz',
    ...['i', 'l', 'o', 'u', '-', ' ', 'é', '\0'].map((letter) => good.slice(0, -1) + letter),
    '01890a5d-ac96-774b-bcce-b302099a8057',
  ]
  for (const text of bad) expect(readId('event', text)).toBeUndefined()
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string({ unit: 'binary' }).map((text) => `evt_${text}`),
      ),
      (text) => {
        const id = readId('event', text)
        if (id !== undefined) expect(showId('event', id)).toBe(text)
      },
    ),
  )
})
