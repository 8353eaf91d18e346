import { describe, expect, test } from 'vitest'
import { type DecisionReason, decisionWords } from './decision-words'
import { decisionCodes } from './event-record'
import { eventTypes } from './event-types'
import { contentWords, eventTypeWords, partsWords } from './event-words'

describe('the sentence for a decision', () => {
  test('exists for every decision code and for every reason why a webhook was not judged', () => {
    for (const code of [
      ...decisionCodes,
      'history',
      'not-offered',
      'registered-later',
      'counted-only',
    ] as DecisionReason[])
      expect(decisionWords(code), code).toMatch(/^[A-Z].{20,}\.$/)
  })

  test('differs for each code', () => {
    expect(new Set(decisionCodes.map(decisionWords)).size).toBe(decisionCodes.length)
  })
})

describe('the words for an event', () => {
  test('name each type', () => {
    for (const type of eventTypes) expect(eventTypeWords[type]).toMatch(/^[A-Z][a-z]+ [a-z]+$/)
  })

  test('list the ratings, and say that there is a comment', () => {
    const feedback = {
      id: 'fb-1',
      publicId: '',
      number: 1,
      version: 1,
      createdAt: '',
      updatedAt: '',
      service: { rating: 2 },
      products: [{ rating: 5 }, { rating: 4 }, { rating: 5 }],
      nps: { score: 6 },
      temperature: 'red' as const,
      comment: 'Still broken',
      drivers: ['Speed'],
      answers: [{ type: 'Rating', title: 'Please rate us?', response: 3 }],
    }
    expect(contentWords({ feedback })).toBe(
      'service 2, product 5/4, NPS 6, red, with a comment, drivers Speed, 1 answer',
    )
    expect(contentWords({ message: { id: 'm', channel: 'sms', status: 'sent' } })).toBe('sms message, sent')
    expect(contentWords({})).toBe('')
  })

  test('list the parts that are new', () => {
    expect(partsWords({ service: 'same', comment: 'added', drivers: 'added', nps: 'changed' })).toBe(
      'added: comment, drivers; changed: NPS',
    )
    expect(partsWords({ service: 'same' })).toBe('')
    expect(partsWords(null)).toBe('')
  })
})
