import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countGraphemes } from '../entered-name'
import { nameKey, nameSchema } from './name-schema'

const taken = (name: string) => nameSchema.safeParse(name).success
const family = '👨‍👩‍👧‍👦'

describe('a rule name', () => {
  test('has 1 to 24 characters as a person counts them', () => {
    const character = fc.constantFrom('a', 'Ж', '字', 'é', 'e\u0301', '🙂', '🏳️‍🌈', '🇬🇧', '각', 'नि', '👍🏽')
    fc.assert(
      fc.property(fc.array(character, { minLength: 1, maxLength: 30 }), (characters) => {
        const name = characters.join('')
        fc.pre(countGraphemes(name) === characters.length)
        expect(taken(name)).toBe(characters.length <= 24 && [...name].length <= 96)
      }),
    )
    expect([taken('x'.repeat(24)), taken('x'.repeat(25))]).toEqual([true, false])
  })

  test('has at most 96 code points', () => {
    expect([taken(family.repeat(13)), taken(family.repeat(14))]).toEqual([true, false])
    expect([taken(`a${'\u0301'.repeat(95)}`), taken(`a${'\u0301'.repeat(96)}`)]).toEqual([true, false])
  })

  test('is measured after trimming, and kept trimmed', () => {
    const space = fc
      .array(fc.constantFrom(' ', '\t', '\n', '\u00a0', '\u3000'), { maxLength: 5 })
      .map((s) => s.join(''))
    fc.assert(
      fc.property(space, fc.stringMatching(/^[a-z]{1,24}$/), space, (before, name, after) => {
        expect(nameSchema.parse(before + name + after)).toBe(name)
        if (before) expect(taken(before)).toBe(false)
      }),
    )
  })

  test('has no control characters and no half characters', () => {
    for (const bad of ['\0', '\x07', '\x1b', '\x7f', '\x85', '\ud800', '\udc00', '\n'])
      expect(taken(`a${bad}b`)).toBe(false)
  })

  test('any text is accepted or refused, and never makes the schema throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const result = nameSchema.safeParse(text)
        if (!result.success) return
        expect(countGraphemes(result.data)).toBeLessThanOrEqual(24)
        expect(result.data).toBe(result.data.trim())
        expect(nameKey(result.data)).not.toBe('')
      }),
    )
  })
})

describe('two names are the same', () => {
  const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })

  test('composed or decomposed', () => {
    fc.assert(
      fc.property(word, (name) => {
        expect(nameKey(name.normalize('NFD'))).toBe(nameKey(name.normalize('NFC')))
      }),
    )
  })

  test('in whatever case', () => {
    const letters = fc.stringMatching(/^[a-zà-öø-þа-яά-ώ]{1,24}$/u)
    fc.assert(
      fc.property(letters, (name) => {
        // Final sigma and sharp s have no way back from their capital.
        fc.pre(name.toUpperCase().toLowerCase() === name)
        expect(nameKey(name.toUpperCase())).toBe(nameKey(name))
      }),
    )
  })

  test('with whatever space between and around the words', () => {
    const space = fc.array(fc.constantFrom(' ', '\t', '\n', '\u00a0', '\u3000'), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 2, maxLength: 4 }),
        space,
        (words, space) => {
          const gap = space.join('')
          expect(nameKey(gap + words.join(gap) + gap)).toBe(words.join(' '))
        },
      ),
    )
  })

  test('and other names are not', () => {
    const plain = fc.stringMatching(/^[a-z0-9 ]{1,24}$/).filter((name) => name.trim() !== '')
    const bare = (name: string) => name.trim().split(/ +/).join(' ')
    fc.assert(
      fc.property(plain, plain, (a, b) => {
        expect(nameKey(a) === nameKey(b)).toBe(bare(a) === bare(b))
      }),
    )
  })
})
