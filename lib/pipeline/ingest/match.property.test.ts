import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DecisionCode, EventParts, EventRecord } from '../../events/event-record'
import type { Feedback } from '../../events/event-schema'
import { type EventType, eventTypes } from '../../events/event-types'
import { compileOnlyIf } from '../../events/only-if'
import { partsOf } from '../../feedback/parts'
import type { Format } from '../../formats/format'
import { formats } from '../../formats/formats'
import type { OnlyIf } from '../../webhooks/only-if-schema'
import { temperatures, thermometerBoxes } from '../../webhooks/thermometer'
import type { Condition } from '../../webhooks/webhook-schema'
import { match, type RuledWebhook } from './match'

// The matching rule written a second time, condition by condition, and compared over random events and webhooks.

const aSource = { key: 'default', name: 'Default', kind: 'email' as const, number: 1, vendorIds: {} }

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const stars = fc.integer({ min: 1, max: 5 })
const score = fc.integer({ min: 0, max: 10 })

const feedback = fc.record({
  id: fc.constant('fb-1'),
  publicId: fc.constant('00000000-0000-4000-8000-000000000000'),
  number: fc.constant(1),
  version: fc.constant(1),
  createdAt: fc.constant('2026-11-20T10:12:30.000Z'),
  updatedAt: fc.constant('2026-11-20T10:12:30.000Z'),
  service: maybe(fc.record({ rating: maybe(stars), text: maybe(fc.constant('Slow')) })),
  products: maybe(
    fc.array(fc.record({ rating: maybe(stars), sku: maybe(fc.constant('L')) }), { minLength: 1, maxLength: 4 }),
  ),
  nps: maybe(fc.record({ score })),
  temperature: maybe(fc.constantFrom(...temperatures)),
  comment: maybe(fc.constant('Still broken')),
  drivers: maybe(fc.array(fc.constant('Speed'), { minLength: 1, maxLength: 2 })),
  tags: maybe(fc.subarray(['Web', 'phone', 'shop'])),
  customer: maybe(
    fc.record({
      country: maybe(fc.constantFrom('GB', 'ie', ' ')),
      locale: maybe(fc.constantFrom('en', 'en_GB', 'de-AT', '')),
    }),
  ),
  properties: maybe(fc.record({ plan: fc.constantFrom('Team', 'free', 3, true, null, ['Team'], {}) })),
  answers: maybe(
    fc.array(
      fc.record({
        type: fc.constant('Rating'),
        title: fc.constantFrom('Well?', 'Again?'),
        response: fc.oneof(stars, fc.constantFrom('Yes', 'no', '', null, ['yes', 'maybe'])),
      }),
      {
        minLength: 1,
      },
    ),
  ),
})

const event: fc.Arbitrary<EventRecord> = fc.constantFrom(...eventTypes).chain((type) =>
  fc.record({
    id: fc.constant('0190163d-8694-739b-aea5-966c26f8ad91'),
    number: fc.constant(1),
    type: fc.constant(type),
    occurredAt: fc.constant('2026-11-20T10:12:30.000Z'),
    triggeredAt: fc.constant('2026-11-20T10:12:30.000Z'),
    source: fc.constantFrom('s1', 's2').map((id) => ({ ...aSource, id })),
    // Only a deletion may name a feedback that is not known; what is no feedback event carries none.
    feedback:
      type === 'feedback.deleted' ? maybe(feedback) : type.startsWith('feedback.') ? feedback : fc.constant(undefined),
  }),
)

const some = (from: number, to: number) =>
  fc.subarray(
    Array.from({ length: to - from + 1 }, (_, i) => from + i),
    { minLength: 1 },
  )

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.constant({ kind: 'any' as const }),
  some(1, 5).map((ratings) => ({ kind: 'service' as const, ratings })),
  some(1, 5).map((ratings) => ({ kind: 'product' as const, ratings })),
  some(0, 10).map((scores) => ({ kind: 'nps' as const, scores })),
  fc.subarray([...thermometerBoxes], { minLength: 1 }).map((boxes) => ({ kind: 'thermometer' as const, boxes })),
)

const onlyIf: fc.Arbitrary<OnlyIf> = fc.oneof(
  fc.constant({ kind: 'comment' as const }),
  fc.subarray(['web', 'SHOP', 'desk'], { minLength: 1 }).map((values) => ({ kind: 'tag' as const, values })),
  fc.subarray(['gb', 'IE', 'FR'], { minLength: 1 }).map((values) => ({ kind: 'country' as const, values })),
  fc.subarray(['EN', 'en-gb', 'de'], { minLength: 1 }).map((values) => ({ kind: 'language' as const, values })),
  fc
    .tuple(fc.constantFrom('well?', 'Again?'), fc.subarray(['yes', 'No', '5'], { minLength: 1 }))
    .map(([question, values]) => ({ kind: 'answer' as const, question, values })),
  fc
    .tuple(fc.constantFrom('plan', 'toString'), fc.constantFrom('team', 'Free', '3', 'TRUE'))
    .map(([name, value]) => ({ kind: 'property' as const, name, value })),
)

const everyType: fc.Arbitrary<EventType[]> = fc.constant([...eventTypes])
const someTypes = fc.subarray<EventType>([...eventTypes], { minLength: 1 })

// Mostly on and mostly for all: what is asked last would else be asked of few.
const webhook: fc.Arbitrary<RuledWebhook & { further: OnlyIf[] }> = fc
  .record({
    further: fc.oneof(fc.constant<OnlyIf[]>([]), fc.array(onlyIf, { maxLength: 5 })),
    enabled: fc.constantFrom(true, true, true, false),
    rule: fc.record({ events: fc.oneof(everyType, someTypes), condition }),
    format: fc.constantFrom(...Object.values(formats)),
    sources: fc.constantFrom(null, new Set(['s1']), new Set(['s1', 's2'])),
  })
  .map((webhook) => ({ ...webhook, onlyIf: compileOnlyIf(webhook.further) }))

const change = fc.constantFrom('added', 'changed', 'same')

/** An event with what of its parts is new; none of a deletion and of what is no feedback. */
const judged = event.chain((event) =>
  fc.record({ temperature: change, comment: change, drivers: change }).map((changes) => {
    if (!event.feedback || event.type === 'feedback.deleted') return { event, parts: null }
    const carried = Object.entries(changes).filter(([part]) => part in (event.feedback ?? {}))
    return { event, parts: Object.fromEntries(carried) as EventParts }
  }),
)

/** What §4 says of formats that send nothing. */
function nothingToSend({ key }: { key?: string }, { feedback }: EventRecord): boolean {
  if (key === 'customer-thermometer') return feedback?.temperature === undefined
  if (key === 'wootric') return feedback !== undefined && !feedback.nps && feedback.service?.rating === undefined
  return key === 'rateup' && feedback?.answers === undefined
}

/** Whether a box is ticked for a part that this event adds or changes. */
function thermometerFires(event: EventRecord, parts: EventParts | null, boxes: readonly string[]): boolean {
  const isNew = (part: 'temperature' | 'comment' | 'drivers') =>
    parts?.[part] === 'added' || parts?.[part] === 'changed'
  const temperature = event.feedback?.temperature
  return (
    (boxes.includes(`${temperature}.response`) && isNew('temperature')) ||
    (boxes.includes(`${temperature}.comment`) && isNew('comment')) ||
    (boxes.includes(`${temperature}.driver`) && isNew('drivers'))
  )
}

const small = (value: unknown) => String(value).toLowerCase()

/** Whether a further condition holds. */
function holds(condition: OnlyIf, { feedback }: EventRecord): boolean {
  switch (condition.kind) {
    case 'comment':
      return feedback?.comment !== undefined
    case 'tag':
      return condition.values.some((tag) => feedback?.tags?.some((given) => small(given) === small(tag)))
    case 'country':
      return condition.values.some((country) => small(country) === small(feedback?.customer?.country))
    case 'language':
      return condition.values.some((language) => {
        const locale = small(feedback?.customer?.locale).replace('_', '-')
        return locale === small(language) || locale.startsWith(`${small(language)}-`)
      })
    case 'answer':
      return (feedback?.answers ?? []).some(
        ({ title, response }) =>
          small(title) === small(condition.question) &&
          [response].flat().some((given) => condition.values.some((value) => small(value) === small(given))),
      )
    case 'property': {
      const given = Object.entries(feedback?.properties ?? {}).find(([name]) => name === condition.name)?.[1]
      return typeof given !== 'object' && small(given) === small(condition.value)
    }
  }
}

/** The rules that exclude an event, and whether each applies. */
function objections(event: EventRecord, parts: EventParts | null, webhook: RuledWebhook & { further: OnlyIf[] }) {
  const { type, feedback, source } = event
  const { enabled, format, sources, rule } = webhook
  const { events, condition } = rule
  const regardless = condition.kind === 'any'
  const carried: (number | undefined)[] = {
    any: [],
    thermometer: [],
    service: [feedback?.service?.rating],
    product: feedback?.products?.map((product) => product.rating) ?? [],
    nps: [feedback?.nps?.score],
  }[condition.kind]
  const wanted: number[] = 'ratings' in condition ? condition.ratings : 'scores' in condition ? condition.scores : []
  return {
    'off: matching events make no delivery': !enabled,
    'chosen sources: others are not listened to': sources !== null && !sources.has(source.id),
    'When: the event types that are ticked': events.every((ticked) => ticked !== type),
    'for feedback.deleted the last stored version; unknown: no match': type === 'feedback.deleted' && !feedback,
    'survey.declined and message.* match "regardless" only': /^(survey|message)\./.test(type) && !regardless,
    'the condition is judged on the ratings the event carries; any product in the set matches':
      !regardless && condition.kind !== 'thermometer' && !wanted.some((number) => carried.includes(number)),
    'a box fires when its part is given, added or changed; removing fires nothing':
      condition.kind === 'thermometer' && !thermometerFires(event, parts, condition.boxes),
    'And only if: each further condition holds': !webhook.further.every((condition) => holds(condition, event)),
    'the format has nothing to send': nothingToSend(format as Format, event),
  }
}

test('an event matches a webhook exactly when no rule of the product excludes it', () => {
  const seen = { matched: 0, refused: 0 }
  fc.assert(
    fc.property(judged, webhook, ({ event, parts }, webhook) => {
      const expected = !Object.values(objections(event, parts, webhook)).includes(true)
      seen[expected ? 'matched' : 'refused']++
      expect(match(event, parts, webhook) === 'matched').toBe(expected)
    }),
    { numRuns: 4_000 },
  )
  // Both outcomes occur.
  expect(Math.min(seen.matched, seen.refused)).toBeGreaterThan(100)
})

type Applies = (event: EventRecord, webhook: RuledWebhook & { further: OnlyIf[] }, parts: EventParts | null) => boolean

/** The first further condition that does not hold is of this kind. */
const unmet = (event: EventRecord, { further }: { further: OnlyIf[] }, kind: OnlyIf['kind']) =>
  further.find((condition) => !holds(condition, event))?.kind === kind

test('the reason of a decision applies to the event', () => {
  const boxes = ({ rule }: RuledWebhook) => (rule.condition.kind === 'thermometer' ? rule.condition.boxes : [])
  const applies: Record<DecisionCode, Applies> = {
    off: (_, { enabled }) => !enabled,
    'source-not-chosen': ({ source }, { sources }) => sources?.has(source.id) === false,
    'event-not-chosen': ({ type }, { rule }) => !rule.events.includes(type),
    'regardless-only': ({ feedback }, { rule }) => !feedback && rule.condition.kind !== 'any',
    'unknown-feedback': ({ type, feedback }) => type === 'feedback.deleted' && !feedback,
    'no-service-rating': ({ feedback }) => feedback?.service?.rating === undefined,
    'no-product-rating': ({ feedback }) => !feedback?.products?.some(({ rating }) => rating !== undefined),
    'no-nps-score': ({ feedback }) => feedback?.nps === undefined,
    'service-rating-not-chosen': ({ feedback }) => feedback?.service?.rating !== undefined,
    'product-rating-not-chosen': ({ feedback }) => feedback?.products !== undefined,
    'nps-score-not-chosen': ({ feedback }) => feedback?.nps !== undefined,
    'no-temperature': ({ feedback }) => feedback?.temperature === undefined,
    'temperature-not-chosen': ({ feedback }, webhook) =>
      !boxes(webhook).some((box) => box.startsWith(`${feedback?.temperature}.`)),
    'part-not-new': (event, webhook, parts) => !thermometerFires(event, parts, boxes(webhook)),
    'no-score': (event) => nothingToSend({ key: 'wootric' }, event),
    'no-answers': (event) => nothingToSend({ key: 'rateup' }, event),
    'no-comment': (event, webhook) => unmet(event, webhook, 'comment'),
    'no-tag': (event, webhook) => unmet(event, webhook, 'tag') && !event.feedback?.tags?.length,
    'tag-not-chosen': (event, webhook) => unmet(event, webhook, 'tag') && event.feedback?.tags !== undefined,
    'no-country': (event, webhook) => unmet(event, webhook, 'country') && !event.feedback?.customer?.country?.trim(),
    'country-not-chosen': (event, webhook) => unmet(event, webhook, 'country') && !!event.feedback?.customer?.country,
    'no-language': (event, webhook) => unmet(event, webhook, 'language') && !event.feedback?.customer?.locale,
    'language-not-chosen': (event, webhook) => unmet(event, webhook, 'language') && !!event.feedback?.customer?.locale,
    'question-not-answered': (event, webhook) => unmet(event, webhook, 'answer'),
    'answer-not-chosen': (event, webhook) => unmet(event, webhook, 'answer') && event.feedback?.answers !== undefined,
    'no-property': (event, webhook) => unmet(event, webhook, 'property'),
    'property-not-equal': (event, webhook) =>
      unmet(event, webhook, 'property') && event.feedback?.properties !== undefined,
    matched: () => true,
  }
  const given = new Set<DecisionCode>()
  fc.assert(
    fc.property(judged, webhook, ({ event, parts }, webhook) => {
      const code = match(event, parts, webhook)
      given.add(code)
      expect(applies[code](event, webhook, parts)).toBe(true)
    }),
    { numRuns: 40_000 },
  )
  expect([...given].sort()).toEqual(Object.keys(applies).sort())
})

test('a score of 0 is a score, and feedback without a rating can match', () => {
  const base = { id: 'e', type: 'feedback.created', occurredAt: '', triggeredAt: '', source: aSource } as const
  const made = (feedback: Partial<EventRecord['feedback']>) => ({ ...base, feedback }) as unknown as EventRecord
  const rule = (condition: Condition): RuledWebhook => ({
    enabled: true,
    rule: { events: ['feedback.created'], condition },
    onlyIf: null,
    format: formats.standard,
    sources: null,
  })
  expect(match(made({ nps: { score: 0 } }), null, rule({ kind: 'nps', scores: [0] }))).toBe('matched')
  expect(match(made({ nps: { score: 3 } }), null, rule({ kind: 'any' }))).toBe('matched')
  expect(match(made({ comment: 'Hi' }), null, rule({ kind: 'any' }))).toBe('matched')
})

test('a comment on a red response fires once, when the comment is added', () => {
  const webhook: RuledWebhook = {
    enabled: true,
    rule: { events: [...eventTypes], condition: { kind: 'thermometer', boxes: ['red.comment'] } },
    onlyIf: null,
    format: formats.standard,
    sources: null,
  }
  const record = (feedback: Partial<Feedback>) =>
    ({ type: 'feedback.updated', source: aSource, feedback }) as EventRecord
  const visits: Partial<Feedback>[] = [
    { temperature: 'red' },
    { temperature: 'red', comment: 'Still broken' },
    { temperature: 'red', comment: 'Still broken', drivers: ['Speed'] },
    { temperature: 'red', drivers: ['Speed'] },
    { temperature: 'gold', comment: 'All is well' },
  ]
  const codes = visits.map((now, i) => match(record(now), partsOf(visits[i - 1] as Feedback, now as Feedback), webhook))
  expect(codes).toEqual(['part-not-new', 'matched', 'part-not-new', 'part-not-new', 'temperature-not-chosen'])
})
