import { expect, test } from 'vitest'
import { formats } from '../formats/formats'
import { match } from '../pipeline/ingest/match'
import type { OnlyIf } from '../webhooks/only-if-schema'
import type { Condition, Rule } from '../webhooks/webhook-schema'
import { decisionSentence, type JudgedWebhook } from './decision-values'
import { type DecisionReason, decisionWords } from './decision-words'
import { decisionCodes, type EventParts, type EventRecord } from './event-record'
import { compileOnlyIf } from './only-if'

const shop = { id: 'shop', key: 'shop', name: 'Shop', kind: 'email' as const, number: 1, vendorIds: {} }
const feedback = (set: object) =>
  ({
    type: 'feedback.created',
    source: shop,
    feedback: { id: 'fb-1', publicId: '', number: 1, version: 1, createdAt: '', updatedAt: '', ...set },
  }) as unknown as EventRecord
const where = (condition: Condition, set: Partial<JudgedWebhook> = {}) => ({ condition, ...set })
const when: Rule['events'] = ['feedback.created']
const onlyIf = (condition: OnlyIf) => where({ kind: 'any' }, { onlyIf: [condition] })

type Case = {
  event: EventRecord
  parts?: EventParts
  off?: boolean
  rule: { condition: Condition; events?: Rule['events'] } & Partial<JudgedWebhook>
  says: string
}

const low: Condition = { kind: 'service', ratings: [1, 2] }
const red: Condition = { kind: 'thermometer', boxes: ['red.comment', 'red.driver'] }

/** For each code: an event and a rule that `match` gives it for, and what is said of them. */
const cases: Partial<Record<DecisionReason, Case>> = {
  matched: {
    event: feedback({ service: { rating: 2 } }),
    rule: where(low),
    says: 'Service rating is 2; this rule wants 1/2. A delivery was made.',
  },
  off: {
    event: feedback({}),
    off: true,
    rule: where({ kind: 'any' }),
    says: 'It was switched off when the event came in, so no delivery was made.',
  },
  'source-not-chosen': {
    event: feedback({}),
    rule: where({ kind: 'any' }, { sources: { ids: ['a', 'b', 'c', 'd'], names: ['App', 'Exit', 'Web'] } }),
    says: 'The event came from “Shop”; this rule listens to “App”, “Exit”, “Web” and 1 more.',
  },
  'event-not-chosen': {
    event: feedback({}),
    rule: { condition: { kind: 'any' }, events: ['feedback.updated'] },
    says: 'This is “Feedback created”; this rule wants “Feedback is updated”.',
  },
  'regardless-only': {
    event: { type: 'survey.declined', source: shop, decline: { id: 'd' } } as unknown as EventRecord,
    rule: { condition: low, events: ['survey.declined'] },
    says: 'A declined survey carries no rating; this rule wants “Service rating is 1/2”.',
  },
  'unknown-feedback': {
    event: { type: 'feedback.deleted', source: shop } as unknown as EventRecord,
    rule: { condition: { kind: 'any' }, events: ['feedback.deleted'] },
    says: 'The deleted feedback “fb-1” was never stored here, so there is nothing to judge or to send.',
  },
  'no-service-rating': {
    event: feedback({ nps: { score: 9 } }),
    rule: where(low),
    says: 'The event carries no service rating; this rule wants 1/2.',
  },
  'service-rating-not-chosen': {
    event: feedback({ service: { rating: 4 } }),
    rule: where(low),
    says: 'Service rating is 4; this rule wants 1/2.',
  },
  'no-product-rating': {
    event: feedback({}),
    rule: where({ kind: 'product', ratings: [1] }),
    says: 'The event carries no product rating; this rule wants 1.',
  },
  'product-rating-not-chosen': {
    event: feedback({ products: [{ rating: 5 }, { rating: 4 }, { rating: 5 }] }),
    rule: where({ kind: 'product', ratings: [1, 2] }),
    says: 'Product ratings are 5/4; this rule wants 1/2.',
  },
  'no-nps-score': {
    event: feedback({}),
    rule: where({ kind: 'nps', scores: [0, 1] }),
    says: 'The event carries no NPS score; this rule wants 0/1.',
  },
  'nps-score-not-chosen': {
    event: feedback({ nps: { score: 9 } }),
    rule: where({ kind: 'nps', scores: [0, 1] }),
    says: 'NPS score is 9; this rule wants 0/1.',
  },
  'no-temperature': {
    event: feedback({}),
    rule: where(red),
    says: 'The feedback has no temperature; this rule wants Red: comment/driver.',
  },
  'temperature-not-chosen': {
    event: feedback({ temperature: 'gold' }),
    rule: where(red),
    says: 'Temperature is gold; this rule wants Red: comment/driver.',
  },
  'part-not-new': {
    event: feedback({ temperature: 'red', comment: 'x' }),
    parts: { temperature: 'added', comment: 'same' },
    rule: where(red),
    says: 'Temperature is red; for it this rule wants a new or changed comment or drivers. Here: comment unchanged, drivers absent.',
  },
  'no-score': {
    event: feedback({ comment: 'x' }),
    rule: where({ kind: 'any' }, { format: 'wootric' }),
    says: 'The feedback has neither an NPS score nor a service rating; its format, Wootric, sends nothing without one.',
  },
  'no-answers': {
    event: feedback({ comment: 'x' }),
    rule: where({ kind: 'any' }, { format: 'rateup' }),
    says: 'The feedback has no answers; its format, Rateup, sends nothing without them.',
  },
  'no-comment': {
    event: feedback({}),
    rule: onlyIf({ kind: 'comment' }),
    says: 'It fires only if there is a comment, and there is none.',
  },
  'no-tag': {
    event: feedback({}),
    rule: onlyIf({ kind: 'tag', values: ['web'] }),
    says: 'It fires only if a tag is web, and the event has no tag.',
  },
  'tag-not-chosen': {
    event: feedback({ tags: ['shop'] }),
    rule: onlyIf({ kind: 'tag', values: ['web', 'app'] }),
    says: 'It fires only if a tag is web/app; here it is “shop”.',
  },
  'no-country': {
    event: feedback({}),
    rule: onlyIf({ kind: 'country', values: ['GB'] }),
    says: 'It fires only if the country is GB, and the country is not known.',
  },
  'country-not-chosen': {
    event: feedback({ customer: { country: 'FR' } }),
    rule: onlyIf({ kind: 'country', values: ['GB'] }),
    says: 'It fires only if the country is GB; here it is “FR”.',
  },
  'no-language': {
    event: feedback({}),
    rule: onlyIf({ kind: 'language', values: ['en'] }),
    says: 'It fires only if the language is en, and the language is not known.',
  },
  'language-not-chosen': {
    event: feedback({ customer: { locale: 'fr-FR' } }),
    rule: onlyIf({ kind: 'language', values: ['en'] }),
    says: 'It fires only if the language is en; here it is “fr-FR”.',
  },
  'question-not-answered': {
    event: feedback({}),
    rule: onlyIf({ kind: 'answer', question: 'Again?', values: ['Yes'] }),
    says: 'It fires only if the answer to “Again?” is Yes, and that question was not answered.',
  },
  'answer-not-chosen': {
    event: feedback({ answers: [{ type: 'Choice', title: 'Again?', response: 'No' }] }),
    rule: onlyIf({ kind: 'answer', question: 'Again?', values: ['Yes'] }),
    says: 'It fires only if the answer to “Again?” is Yes; here it is “No”.',
  },
  'no-property': {
    event: feedback({}),
    rule: onlyIf({ kind: 'property', name: 'plan', value: 'Team' }),
    says: 'It fires only if the property plan is Team, and the event has no value there.',
  },
  'property-not-equal': {
    event: feedback({ properties: { plan: 'Solo' } }),
    rule: onlyIf({ kind: 'property', name: 'plan', value: 'Team' }),
    says: 'It fires only if the property plan is Team; here it is “Solo”.',
  },
}

const judged = ({ condition, events = when, ...set }: Case['rule']): JudgedWebhook => ({
  rule: { events, condition },
  onlyIf: [],
  format: 'standard',
  registeredAt: Date.parse('2026-11-20T10:12:30Z'),
  sources: null,
  ...set,
})
const said = (
  reason: DecisionReason,
  { event, parts = null, rule }: Pick<Case, 'event' | 'rule'> & { parts?: EventParts | null },
) => decisionSentence(reason, { type: event.type, subjectId: 'fb-1', record: event, parts }, judged(rule))

test.each(Object.entries(cases))('the decision “%s” says what the event has and what the rule wants', (code, given) => {
  const { event, parts = null, off = false, rule, says } = given
  const { format, onlyIf, sources, ...webhook } = judged(rule)
  const decided = match(event, parts, {
    enabled: !off,
    rule: webhook.rule,
    onlyIf: compileOnlyIf(onlyIf),
    sources: sources && new Set(sources.ids),
    format: formats[format],
  })
  expect(decided).toBe(code)
  expect(said(code as DecisionReason, given)).toBe(says)
})

test('every code of a decision has its values, or none to say', () => {
  expect(Object.keys(cases).sort()).toEqual([...decisionCodes].sort())
})

test('why a webhook was not judged is said with values too', () => {
  const event = feedback({})
  const rule = where({ kind: 'any' })
  expect(said('not-offered', { event, rule })).toBe('Its format, Full event, does not send “Feedback created”.')
  expect(said('registered-later', { event, rule })).toBe(
    'It was registered at 2026-11-20 10:12 UTC, after the event came in.',
  )
  expect(said('history', { event, rule })).toBe(decisionWords('history'))
  expect(
    said('source-not-chosen', { event, rule: where({ kind: 'any' }, { sources: { ids: ['shop'], names: ['Shop'] } }) }),
  ).toBe('The event came from “Shop”, which was not among its sources then. Now it is.')
})

test('nothing of an erased customer is said', () => {
  const erased = { type: 'feedback.created' as const, subjectId: 'fb-1', record: null, parts: null }
  for (const code of Object.keys(cases) as DecisionReason[]) {
    if (code === 'event-not-chosen' || code === 'unknown-feedback') continue
    expect(decisionSentence(code, erased, judged(where(low)))).toBe(decisionWords(code))
  }
})
