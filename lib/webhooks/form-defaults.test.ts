import { describe, expect, test } from 'vitest'
import { countGraphemes } from '../entered-name'
import {
  copiedFormValues,
  eventsOfCondition,
  fullCondition,
  newFormValues,
  otherFormat,
  valuesOfFormat,
} from './form-defaults'
import { thermometerBoxes } from './thermometer'
import type { WebhookForEdit } from './webhook-queries'

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
  test('replaces unchanged default events by its own', () => {
    expect(valuesOfFormat(newFormValues(), 'standard').events).toHaveLength(7)
  })

  test('keeps chosen events that it offers', () => {
    const values = { ...newFormValues(), events: ['feedback.updated' as const] }
    expect(valuesOfFormat(values, 'standard').events).toEqual(['feedback.updated'])
  })

  test('falls back to its own events when it offers none of the chosen ones', () => {
    const values = { ...newFormValues('standard'), events: ['message.created' as const] }
    expect(valuesOfFormat(values, 'feefo').events).toEqual(['feedback.created'])
  })

  test('keeps the thermometer table where it is offered, and drops it elsewhere', () => {
    const values = newFormValues('customer-thermometer')
    expect(values.condition).toEqual({ kind: 'thermometer', boxes: thermometerBoxes })
    expect(valuesOfFormat(values, 'standard').condition).toEqual(values.condition)
    expect(valuesOfFormat(values, 'reviews')).toMatchObject({
      condition: { kind: 'any' },
      events: [
        'feedback.created',
        'feedback.updated',
        'feedback.deleted',
        'message.created',
        'message.updated',
        'message.deleted',
      ],
    })
  })

  test('replaces unchanged retries, and an encoding that it does not offer, by its own', () => {
    expect(valuesOfFormat(newFormValues(), 'rateup').retries).toBe(3)
    expect(valuesOfFormat({ ...newFormValues(), retries: 1 }, 'rateup').retries).toBe(1)
    expect(valuesOfFormat({ ...newFormValues('wootric'), encoding: 'form' }, 'standard').encoding).toBe('json')
  })
})

test('the thermometer fixes the events, and leaving it restores the format’s own', () => {
  const values = { ...newFormValues('standard'), events: ['message.created' as const] }
  const events = eventsOfCondition(values, 'thermometer')
  expect(events).toEqual(['feedback.created', 'feedback.updated'])
  expect(eventsOfCondition({ ...values, events, condition: fullCondition('thermometer') }, 'any')).toHaveLength(7)
  expect(eventsOfCondition(values, 'service')).toEqual(['message.created'])
})

describe('a copy for another format', () => {
  const webhook: WebhookForEdit = {
    id: '0193a1f0-0000-7000-8000-000000000000',
    number: 1,
    format: 'customer-thermometer',
    encoding: 'json',
    allSources: false,
    enabled: true,
    version: 3,
    name: 'Comments on red, very long',
    url: 'https://www.shop.example/hooks',
    rule: {
      events: ['feedback.created', 'feedback.updated'],
      condition: { kind: 'thermometer', boxes: ['red.comment'] },
    },
    onlyIf: [{ kind: 'comment' }],
    authentication: 'basic',
    basicUser: 'hub',
    basicPasswordStored: true,
    headerNames: ['X-Shop'],
    retries: 9,
    timeoutSeconds: 7,
    success: '2xx',
    ratePerMinute: null,
    sourceIds: ['0193a1f0-0000-7000-8000-000000000001'],
  }

  test('has the WebHook’s values, its own name and the new format’s secret', () => {
    expect(copiedFormValues(webhook, 'standard', 'whsec_new')).toMatchObject({
      format: 'standard',
      url: webhook.url,
      condition: webhook.rule.condition,
      basicUser: 'hub',
      timeoutSeconds: 7,
      sources: { kind: 'chosen', ids: webhook.sourceIds },
      secret: 'whsec_new',
    })
    const { name } = copiedFormValues(webhook, 'standard', '')
    expect(name).toBe('Comments on red, ve copy')
    expect(countGraphemes(name)).toBeLessThanOrEqual(24)
  })

  test('has no password, and headers without values', () => {
    expect(copiedFormValues(webhook, 'standard', '')).toMatchObject({
      basicPassword: '',
      headers: [{ name: 'X-Shop', value: '', kept: false }],
    })
  })

  test('begins with another format than the WebHook has', () => {
    expect(otherFormat('wootric')).toBe('standard')
    expect(otherFormat('standard')).toBe('feefo')
  })
})
