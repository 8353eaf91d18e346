import { describe, expect, test } from 'vitest'
import { eventTypes } from '../events/event-types'
import { ruleWords, whenWords, whereWords } from './words'

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

  test('says so when nothing is chosen', () => {
    expect(ruleWords({ events: [], condition: { kind: 'any' } })).toMatch(/^Never/)
    expect(ruleWords({ events: ['feedback.created'], condition: { kind: 'nps', scores: [] } })).toMatch(/^Never/)
  })
})
