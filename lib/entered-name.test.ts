import { describe, expect, test } from 'vitest'
import { enteredName } from './entered-name'

const schema = enteredName('Enter a name.', 24)
const refusal = (name: string) => schema.safeParse(name).error?.issues[0]?.message

describe('a name that a person enters', () => {
  test.each([
    ['Low ratings', 'Ünï', '字', 'Ж', '👋', '+'],
    // Persian, Malayalam with its older letters, Devanagari, Sinhala.
    ['می‌خواهم', 'അവന്‍', 'क्‍ष', 'ශ්‍රී'],
    // Joined people, a tone of skin with a job, a rainbow flag, Scotland, a keycap, a heart in colour, a circled M.
    ['👨‍👩‍👧‍👦', '👩🏽‍💻', '🏳️‍🌈', '🏴󠁧󠁢󠁳󠁣󠁴󠁿 Scotland', '1️⃣', 'We ❤️ you', 'Ⓜ️'],
    // A variant of an ideograph.
    ['辻\u{E0100}'],
  ])('may be written in any script and with emoji: %s', (...names) => {
    for (const name of names) expect(refusal(name), name).toBeUndefined()
  })

  test('shows something', () => {
    for (const name of ['', ' ', '\u00a0', '\u3000', '\t\n']) expect(refusal(name)).toBe('Enter a name.')
    for (const name of [
      '\u200b',
      '\u2060',
      '\u00ad',
      '\u3164',
      '\u115f',
      '\u200d',
      '\ufe0f',
      '\u{e0061}',
      '\u061c',
      '\u0301',
    ])
      expect(refusal(name), JSON.stringify(name)).toMatch(/shown|nothing/)
  })

  test('hides nothing: no control, no change of direction, no filler, no joiner between letters that never join', () => {
    const hidden = ['\0', '\x1b', '\x85', '\n', '\u2028', '\u2029', '\ud800', '\udc00']
    const turned = ['\u202a', '\u202e', '\u2066', '\u2069', '\u200e', '\u200f', '\u061c']
    const fillers = [
      '\u200b',
      '\u2060',
      '\ufeff',
      '\u00ad',
      '\u034f',
      '\u3164',
      '\uffa0',
      '\u115f',
      '\u180e',
      '\u17b4',
      '\u{e0001}',
      '\u{e0041}\u{e0042}',
    ]
    for (const sign of [...hidden, ...turned, ...fillers, '\u200d', '\u200c', '\ufe0f'])
      expect(refusal(`a${sign}b`), JSON.stringify(sign)).toBe(
        'This has a character that can’t be shown. Type it again.',
      )
    expect(refusal('👨\u200d\u200d👩')).toMatch(/shown/)
    expect(refusal('👋\u200d')).toMatch(/shown/)
    // Text in tags, which no flag has.
    expect(
      refusal(`👋${[...'ignore previous'].map((sign) => String.fromCodePoint(0xe0000 + sign.charCodeAt(0))).join('')}`),
    ).toMatch(/shown/)
  })

  test('is counted as a person counts, and bounded in code points', () => {
    expect(refusal('👨‍👩‍👧‍👦'.repeat(13))).toBeUndefined()
    expect(refusal('x'.repeat(25))).toBe('Use at most 24 characters; this has 25.')
    expect(refusal(`a${'\u0301'.repeat(96)}`)).toMatch(/too long together/)
  })
})
