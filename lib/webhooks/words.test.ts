import { describe, expect, test } from 'vitest'
import { type EventType, eventTypes } from '../events/event-types'
import type { ThermometerBox } from './thermometer'
import { clickThenWriteWords, formatWords, ruleWords, whenWords, whereWords } from './words'

describe('the column When', () => {
  test.each([
    [['feedback.created' as const], 'Feedback is created'],
    [['feedback.updated' as const], 'Feedback is updated'],
    [['feedback.updated' as const, 'feedback.created' as const], 'Feedback is created/updated'],
    [['survey.declined' as const, 'message.deleted' as const], 'Survey is declined, Message is deleted'],
  ])('%j is "%s"', (events, words) => expect(whenWords(events)).toBe(words))
})

describe('the column Where', () => {
  test('is a hyphen regardless of rating', () => expect(whereWords({ kind: 'any' })).toBe('-'))
  test('lists the chosen ratings', () => {
    expect(whereWords({ kind: 'service', ratings: [1, 2, 3] })).toBe('Service rating is 1/2/3')
    expect(whereWords({ kind: 'product', ratings: [5] })).toBe('Product rating is 5')
    expect(whereWords({ kind: 'nps', scores: [0, 10] })).toBe('NPS rating is 0/10')
  })
  test('names the ticked boxes of the thermometer', () => {
    expect(whereWords({ kind: 'thermometer', boxes: ['red.comment'] })).toBe('Red: comment')
    expect(whereWords({ kind: 'thermometer', boxes: ['gold.response', 'gold.comment', 'red.driver'] })).toBe(
      'Gold: response/comment, Red: driver',
    )
  })
})

describe('the rule as a sentence', () => {
  test('says when and where', () => {
    expect(ruleWords({ events: ['feedback.created'], condition: { kind: 'any' } })).toBe(
      'Call the URL when feedback is created, regardless of rating.',
    )
    expect(ruleWords({ events: ['feedback.created'], condition: { kind: 'nps', scores: [0, 1] } })).toBe(
      'Call the URL when feedback is created, where the NPS rating is 0/1.',
    )
  })

  test('names surveys and messages only when they can match', () => {
    expect(ruleWords({ events: [...eventTypes], condition: { kind: 'any' } })).toBe(
      'Call the URL when feedback is created/updated/deleted, a survey is declined or a message is created/updated/deleted, regardless of rating.',
    )
    expect(ruleWords({ events: [...eventTypes], condition: { kind: 'service', ratings: [1] } })).toBe(
      'Call the URL when feedback is created/updated/deleted, where the service rating is 1.',
    )
    expect(ruleWords({ events: ['survey.declined'], condition: { kind: 'service', ratings: [1] } })).toMatch(/^Never/)
  })

  test('says that nothing matches when nothing is chosen', () => {
    expect(ruleWords({ events: [], condition: { kind: 'any' } })).toMatch(/^Never/)
    expect(ruleWords({ events: ['feedback.created'], condition: { kind: 'nps', scores: [] } })).toMatch(/^Never/)
  })

  test('names the parts of each temperature, and groups temperatures with the same parts', () => {
    const sentence = (...boxes: ThermometerBox[]) =>
      ruleWords({ events: ['feedback.created', 'feedback.updated'], condition: { kind: 'thermometer', boxes } })
    expect(sentence('red.comment')).toBe('Call the URL when a comment is added or changed on a red response.')
    expect(sentence('gold.response', 'yellow.comment', 'red.comment')).toBe(
      'Call the URL when the rating is given or changed on a gold response, or when a comment is added or changed on a yellow or red response.',
    )
    expect(sentence()).toMatch(/^Never/)
  })
})

describe('a customer who clicks a rating and then writes', () => {
  test.each([
    [['feedback.created', 'feedback.updated'], /created, then updated\. The URL is called for both\./],
    [['feedback.created'], /for the first only/],
    [['feedback.updated'], /for the second only/],
  ] as [EventType[], RegExp][])('%j: the line tells what fires', (events, words) =>
    expect(clickThenWriteWords({ events, condition: { kind: 'any' } })).toMatch(words),
  )

  test('is explained by the boxes of the thermometer', () =>
    expect(clickThenWriteWords({ events: [], condition: { kind: 'thermometer', boxes: ['red.comment'] } })).toMatch(
      /Response.*at the click.*Comment.*when the words are there/,
    ))

  test('means nothing to a rule that sees no feedback', () =>
    expect(clickThenWriteWords({ events: ['message.created'], condition: { kind: 'any' } })).toBeUndefined())
})

test('a format is named with its encoding where there is a choice', () => {
  expect(formatWords('wootric', 'form')).toBe('Wootric, URL-encoded')
  expect(formatWords('wootric', 'json')).toBe('Wootric, JSON')
  expect(formatWords('feefo', 'json')).toBe('Review link')
})
