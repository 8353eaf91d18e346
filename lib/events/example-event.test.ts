import { expect, test } from 'vitest'
import { recordOf } from '@/e2e/fixtures/data/event-records'
import { formats } from '../formats/formats'
import { match } from '../pipeline/ingest/match'
import type { Rule } from '../webhooks/webhook-schema'
import type { EventParts } from './event-record'
import { eventSchema } from './event-schema'
import { type ExampleFor, exampleEvent } from './example-event'
import { compileOnlyIf } from './only-if'

const rule = (condition: Rule['condition'], events: Rule['events'] = ['feedback.created']): Rule => ({
  events,
  condition,
})
const standard: ExampleFor = { format: 'standard', rule: rule({ kind: 'any' }), onlyIf: [], sourceKey: undefined }

const webhooks: Record<string, ExampleFor> = {
  'any rating': standard,
  'low service ratings': { ...standard, rule: rule({ kind: 'service', ratings: [1, 2] }) },
  'product ratings': { ...standard, rule: rule({ kind: 'product', ratings: [3] }, ['feedback.updated']) },
  detractors: { ...standard, rule: rule({ kind: 'nps', scores: [0, 6] }) },
  'red and comment': {
    ...standard,
    format: 'customer-thermometer',
    rule: rule({ kind: 'thermometer', boxes: ['red.comment'] }, ['feedback.created', 'feedback.updated']),
  },
  drivers: { ...standard, rule: rule({ kind: 'thermometer', boxes: ['green.driver'] }) },
  'the answers of Rateup': { ...standard, format: 'rateup' },
  messages: { ...standard, rule: rule({ kind: 'any' }, ['message.created']) },
  'further conditions': {
    ...standard,
    sourceKey: 'shop',
    onlyIf: [
      { kind: 'comment' },
      { kind: 'tag', values: ['vip'] },
      { kind: 'country', values: ['GB'] },
      { kind: 'language', values: ['en'] },
      { kind: 'answer', question: 'Happy?', values: ['Yes'] },
      { kind: 'property', name: 'plan', value: 'Team' },
    ],
  },
}

test.each(Object.entries(webhooks))('the first event of a WebHook for %s is one that it matches', (_, webhook) => {
  const event = eventSchema.parse(exampleEvent(webhook))
  const record = recordOf(event)
  const parts: EventParts = Object.fromEntries(Object.keys(record.feedback ?? {}).map((part) => [part, 'added']))
  const judged = {
    enabled: true,
    format: formats[webhook.format],
    rule: webhook.rule,
    onlyIf: compileOnlyIf(webhook.onlyIf),
    sources: null,
  }
  expect(match(record, parts, judged)).toBe('matched')
  expect(event.source?.key).toBe(webhook.sourceKey ?? 'first-steps')
})

test('without a WebHook it is some feedback', () => {
  expect(eventSchema.parse(exampleEvent())).toMatchObject({
    type: 'feedback.created',
    feedback: { id: 'first-feedback' },
  })
})
