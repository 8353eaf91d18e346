import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { EventRecord } from '../events/event-record'
import { type EventType, eventTypes } from '../events/event-types'
import type { Condition } from '../webhooks/webhook-schema'
import { match, type RuledWebhook } from './match'

// The rule of PRODUCT.md §3 written a second time, sentence by sentence, and compared over random events and webhooks.

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const stars = fc.integer({ min: 1, max: 5 })
const score = fc.integer({ min: 0, max: 10 })

const feedback = fc.record({
  id: fc.constant('fb-1'),
  publicId: fc.constant('00000000-0000-4000-8000-000000000000'),
  version: fc.constant(1),
  createdAt: fc.constant('2026-11-20T10:12:30.000Z'),
  updatedAt: fc.constant('2026-11-20T10:12:30.000Z'),
  service: maybe(fc.record({ rating: maybe(stars), text: maybe(fc.constant('Slow')) })),
  products: maybe(
    fc.array(fc.record({ rating: maybe(stars), sku: maybe(fc.constant('L')) }), { minLength: 1, maxLength: 4 }),
  ),
  nps: maybe(fc.record({ score })),
  comment: maybe(fc.constant('Still broken')),
})

const event: fc.Arbitrary<EventRecord> = fc.constantFrom(...eventTypes).chain((type) =>
  fc.record({
    id: fc.constant('0190163d-8694-739b-aea5-966c26f8ad91'),
    type: fc.constant(type),
    occurredAt: fc.constant('2026-11-20T10:12:30.000Z'),
    triggeredAt: fc.constant('2026-11-20T10:12:30.000Z'),
    source: fc.constant({ id: 's', key: 'default', name: 'Default', kind: 'email' as const }),
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
)

const webhook: fc.Arbitrary<RuledWebhook> = fc.record({
  enabled: fc.boolean(),
  rule: fc.record({ events: fc.subarray<EventType>([...eventTypes], { minLength: 1 }), condition }),
})

/** Each sentence that forbids a call, and whether it applies. */
function objections({ type, feedback }: EventRecord, { enabled, rule: { events, condition } }: RuledWebhook) {
  const regardless = condition.kind === 'any'
  const carried: (number | undefined)[] = {
    any: [],
    service: [feedback?.service?.rating],
    product: feedback?.products?.map((product) => product.rating) ?? [],
    nps: [feedback?.nps?.score],
  }[condition.kind]
  const wanted: number[] = 'ratings' in condition ? condition.ratings : 'scores' in condition ? condition.scores : []
  return {
    'off: matching events make no delivery': !enabled,
    'When: the event types that are ticked': events.every((ticked) => ticked !== type),
    'for feedback.deleted the last stored version; unknown: no match': type === 'feedback.deleted' && !feedback,
    'survey.declined and message.* match "regardless" only': /^(survey|message)\./.test(type) && !regardless,
    'the condition is judged on the ratings the event carries; any product in the set matches':
      !regardless && !wanted.some((number) => carried.includes(number)),
  }
}

test('an event matches exactly when no sentence of the product description forbids it', () => {
  const seen = { matched: 0, refused: 0 }
  fc.assert(
    fc.property(event, webhook, (event, webhook) => {
      const expected = !Object.values(objections(event, webhook)).includes(true)
      seen[expected ? 'matched' : 'refused']++
      expect(match(event, webhook) === 'matched').toBe(expected)
    }),
    { numRuns: 2_000 },
  )
  // Both sides were really tried.
  expect(Math.min(seen.matched, seen.refused)).toBeGreaterThan(100)
})

test('the reason given is one that applies', () => {
  const applies: Record<string, (event: EventRecord, webhook: RuledWebhook) => boolean> = {
    off: (_, { enabled }) => !enabled,
    'event-not-chosen': ({ type }, { rule }) => !rule.events.includes(type),
    'regardless-only': ({ feedback }, { rule }) => !feedback && rule.condition.kind !== 'any',
    'unknown-feedback': ({ type, feedback }) => type === 'feedback.deleted' && !feedback,
    'no-service-rating': ({ feedback }) => feedback?.service?.rating === undefined,
    'no-product-rating': ({ feedback }) => !feedback?.products?.some(({ rating }) => rating !== undefined),
    'no-nps-score': ({ feedback }) => feedback?.nps === undefined,
    'service-rating-not-chosen': ({ feedback }) => feedback?.service?.rating !== undefined,
    'product-rating-not-chosen': ({ feedback }) => feedback?.products !== undefined,
    'nps-score-not-chosen': ({ feedback }) => feedback?.nps !== undefined,
    matched: () => true,
  }
  fc.assert(
    fc.property(event, webhook, (event, webhook) => {
      expect(applies[match(event, webhook)]?.(event, webhook)).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('no score is lost for being 0, no feedback for having no rating', () => {
  const base = { id: 'e', type: 'feedback.created', occurredAt: '', triggeredAt: '' } as const
  const made = (feedback: Partial<EventRecord['feedback']>) => ({ ...base, feedback }) as unknown as EventRecord
  const rule = (condition: Condition) => ({ enabled: true, rule: { events: ['feedback.created' as const], condition } })
  expect(match(made({ nps: { score: 0 } }), rule({ kind: 'nps', scores: [0] }))).toBe('matched')
  expect(match(made({ nps: { score: 3 } }), rule({ kind: 'any' }))).toBe('matched')
  expect(match(made({ comment: 'Hi' }), rule({ kind: 'any' }))).toBe('matched')
})
