import { describe, expect, test } from 'vitest'
import { type OnlyIf, onlyIfListSchema } from '../webhooks/only-if-schema'
import { onlyIfWords } from '../webhooks/only-if-words'
import { ruleWords } from '../webhooks/words'
import { unmetWords } from './decision-words'
import type { EventRecord } from './event-record'
import { compileOnlyIf, findUnmet } from './only-if'
import { sampleEvent } from './sample-events'

const feedback = (set: object) => ({ feedback: { id: 'f', ...set } }) as unknown as EventRecord
const judge = (condition: OnlyIf, event: EventRecord) => compileOnlyIf([condition])?.(event) ?? 'met'

describe('a further condition', () => {
  test.each<[string, OnlyIf, object, string]>([
    ['a comment', { kind: 'comment' }, { comment: 'Hi' }, 'met'],
    ['a comment of spaces', { kind: 'comment' }, { comment: ' \n' }, 'no-comment'],
    ['the text of a rating only', { kind: 'comment' }, { service: { text: 'Slow' } }, 'no-comment'],
    ['one of the tags', { kind: 'tag', values: ['web', 'desk'] }, { tags: ['phone', 'WEB '] }, 'met'],
    ['other tags', { kind: 'tag', values: ['web'] }, { tags: ['website'] }, 'tag-not-chosen'],
    ['no tag', { kind: 'tag', values: ['web'] }, { tags: [] }, 'no-tag'],
    ['the country', { kind: 'country', values: ['GB'] }, { customer: { country: 'gb' } }, 'met'],
    ['another country', { kind: 'country', values: ['GB'] }, { customer: { country: 'GBR' } }, 'country-not-chosen'],
    ['no customer', { kind: 'country', values: ['GB'] }, {}, 'no-country'],
    ['a region of the language', { kind: 'language', values: ['en'] }, { customer: { locale: 'en_GB' } }, 'met'],
    [
      'a language that begins alike',
      { kind: 'language', values: ['en'] },
      { customer: { locale: 'enm' } },
      'language-not-chosen',
    ],
    [
      'the language without the region',
      { kind: 'language', values: ['en-GB'] },
      { customer: { locale: 'en' } },
      'language-not-chosen',
    ],
    ['no language', { kind: 'language', values: ['en'] }, { customer: { locale: '' } }, 'no-language'],
    [
      'an answer',
      { kind: 'answer', question: 'Again?', values: ['yes'] },
      { answers: [{ title: ' again? ', response: 'Yes' }] },
      'met',
    ],
    [
      'a number',
      { kind: 'answer', question: 'Rate', values: ['3'] },
      { answers: [{ title: 'Rate', response: 3 }] },
      'met',
    ],
    [
      'one of several',
      { kind: 'answer', question: 'Which', values: ['b'] },
      { answers: [{ title: 'Which', response: ['a', 'B'] }] },
      'met',
    ],
    [
      'a later answer to it',
      { kind: 'answer', question: 'Q', values: ['b'] },
      {
        answers: [
          { title: 'Q', response: 'a' },
          { title: 'Q', response: 'b' },
        ],
      },
      'met',
    ],
    [
      'another answer',
      { kind: 'answer', question: 'Q', values: ['b'] },
      { answers: [{ title: 'Q', response: 'a' }] },
      'answer-not-chosen',
    ],
    [
      'another question',
      { kind: 'answer', question: 'Q', values: ['b'] },
      { answers: [{ title: 'R', response: 'b' }] },
      'question-not-answered',
    ],
    [
      'an empty answer',
      { kind: 'answer', question: 'Q', values: ['b'] },
      { answers: [{ title: 'Q', response: null }] },
      'question-not-answered',
    ],
    ['the property', { kind: 'property', name: 'plan', value: 'team' }, { properties: { plan: 'Team' } }, 'met'],
    ['a property that is true', { kind: 'property', name: 'vip', value: 'true' }, { properties: { vip: true } }, 'met'],
    [
      'another value',
      { kind: 'property', name: 'plan', value: 'Team' },
      { properties: { plan: 'Free' } },
      'property-not-equal',
    ],
    ['a list', { kind: 'property', name: 'plan', value: 'Team' }, { properties: { plan: ['Team'] } }, 'no-property'],
    ['an inherited name', { kind: 'property', name: 'toString', value: 'x' }, { properties: {} }, 'no-property'],
  ])('judges %s', (_, condition, set, code) => expect(judge(condition, feedback(set))).toBe(code))

  test('is judged on declined surveys and messages too, by what they carry', () => {
    const decline = sampleEvent('survey.declined') as unknown as EventRecord
    const message = sampleEvent('message.created') as unknown as EventRecord
    for (const event of [decline, message]) {
      expect(judge({ kind: 'country', values: ['gb'] }, event)).toBe('met')
      expect(judge({ kind: 'comment' }, event)).toBe('no-comment')
      expect(judge({ kind: 'tag', values: ['a'] }, event)).toBe('no-tag')
    }
    expect(judge({ kind: 'property', name: 'plan', value: 'Team' }, decline)).toBe('met')
  })

  test('must hold with all others: the first that does not is the reason', () => {
    const both: OnlyIf[] = [{ kind: 'tag', values: ['web'] }, { kind: 'comment' }]
    expect(compileOnlyIf(both)?.(feedback({ tags: ['web'], comment: 'Hi' }))).toBeUndefined()
    expect(compileOnlyIf(both)?.(feedback({ tags: ['web'] }))).toBe('no-comment')
    expect(compileOnlyIf(both)?.(feedback({}))).toBe('no-tag')
    expect(compileOnlyIf([])).toBeNull()
  })

  test('of a kind that this version does not know stops ingest, instead of calling for events nobody asked for', () => {
    expect(() => compileOnlyIf([{ kind: 'moon' } as unknown as OnlyIf])).toThrow(/does not know the condition moon/)
  })
})

test('further conditions are said in words, in the rule and with the value in the decision', () => {
  const conditions: OnlyIf[] = [
    { kind: 'comment' },
    { kind: 'country', values: ['GB', 'IE'] },
    { kind: 'answer', question: 'Again?', values: ['Yes'] },
  ]
  expect(onlyIfWords(conditions)).toBe(
    'only if there is a comment, the country is GB/IE and the answer to “Again?” is Yes',
  )
  expect(onlyIfWords([])).toBe('')
  expect(ruleWords({ events: ['feedback.created'], condition: { kind: 'any' } }, conditions.slice(0, 1))).toBe(
    'Call the URL when feedback is created, regardless of rating, and only if there is a comment.',
  )
  const said = (condition: OnlyIf, set: object) => {
    const unmet = findUnmet(feedback(set), [condition])
    return unmet && unmetWords(unmet)
  }
  expect(said({ kind: 'comment' }, {})).toBe('It fires only if there is a comment, and there is none.')
  expect(said({ kind: 'tag', values: ['web'] }, { tags: ['phone', 'desk'] })).toBe(
    'It fires only if a tag is web; here it is “phone”, “desk”.',
  )
  expect(said({ kind: 'tag', values: ['web'] }, { tags: [...'abcdefg'] })).toMatch(/“e” and 2 more\.$/)
  expect(said({ kind: 'country', values: ['GB'] }, { customer: { country: 'France' } })).toBe(
    'It fires only if the country is GB; here it is “France”.',
  )
  expect(said({ kind: 'language', values: ['en'] }, {})).toBe(
    'It fires only if the language is en, and the language is not known.',
  )
  expect(
    said({ kind: 'answer', question: 'Q', values: ['b'] }, { answers: [{ title: 'Q', response: [1, 'x'] }] }),
  ).toBe('It fires only if the answer to “Q” is b; here it is “1”, “x”.')
  expect(said({ kind: 'property', name: 'plan', value: 'Team' }, { properties: { plan: 'x'.repeat(200) } })).toBe(
    `It fires only if the property plan is Team; here it is “${'x'.repeat(100)}…”.`,
  )
  expect(said({ kind: 'comment' }, { comment: 'Hi' })).toBeUndefined()
})

test('up to five further conditions are taken, each of a known kind with all it asks for', () => {
  const taken = (...list: unknown[]) => onlyIfListSchema.safeParse(list)
  expect(taken({ kind: 'tag', values: [' web ', '', 'WEB', 'shop'] }).data).toEqual([
    { kind: 'tag', values: ['WEB', 'shop'] },
  ])
  expect(taken(...new Array(5).fill({ kind: 'comment' })).success).toBe(true)
  const refused: [unknown[], RegExp][] = [
    [new Array(6).fill({ kind: 'comment' }), /at most 5/],
    [[{ kind: 'tag', values: [' '] }], /at least one value/],
    [[{ kind: 'tag', values: Array.from({ length: 21 }, (_, i) => `t${i}`) }], /at most 20/],
    [[{ kind: 'tag', values: ['x'.repeat(201)] }], /at most 200/],
    [[{ kind: 'language', values: ['English please'] }], /codes/],
    [[{ kind: 'answer', question: ' ', values: ['a'] }], /question/],
    [[{ kind: 'property', name: 'plan', value: '' }], /value that the property/],
    [[{ kind: 'or', values: [] }], /./],
  ]
  for (const [list, words] of refused) expect(taken(...list).error?.issues[0]?.message).toMatch(words)
})
