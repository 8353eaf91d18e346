import { describe, expect, test } from 'vitest'
import { fullCondition, newFormValues, valuesOfFormat } from './form-defaults'

test('a new form is called when feedback is created, regardless of rating', () => {
  expect(newFormValues()).toMatchObject({
    format: 'feefo',
    events: ['feedback.created'],
    condition: { kind: 'any' },
    authentication: 'account-key',
    retries: 9,
    timeoutSeconds: 5,
  })
})

test('choosing a condition ticks every box', () => {
  expect(fullCondition('service')).toEqual({ kind: 'service', ratings: [1, 2, 3, 4, 5] })
  expect(fullCondition('nps')).toEqual({ kind: 'nps', scores: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] })
})

describe('changing the format', () => {
  test('brings its own events while the old ones were untouched', () => {
    expect(valuesOfFormat(newFormValues(), 'standard').events).toHaveLength(7)
  })

  test('keeps what was chosen and is still offered', () => {
    const values = { ...newFormValues(), events: ['feedback.updated' as const] }
    expect(valuesOfFormat(values, 'standard').events).toEqual(['feedback.updated'])
  })

  test('falls back to its own events when nothing of the choice is offered', () => {
    const values = { ...newFormValues('standard'), events: ['message.created' as const] }
    expect(valuesOfFormat(values, 'feefo').events).toEqual(['feedback.created'])
  })
})
