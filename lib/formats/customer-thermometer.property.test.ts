import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordOfFeedback, renderContext } from '@/e2e/fixtures/data/event-records'
import { temperatures } from '../webhooks/thermometer'
import { customerThermometer } from './customer-thermometer'

const keys = [
  ...['event_id', 'blast_name', 'blast_id', 'blast_date', 'thermometer_name', 'thermometer_id', 'response_id'],
  ...['response', 'temperature_id', 'response_date', 'response_delay', 'response_icon', 'recipient', 'first_name'],
  ...['last_name', 'company', 'comment', 'custom_1', 'custom_2', 'custom_3', 'custom_4', 'custom_5', 'custom_6'],
  ...['custom_7', 'custom_8', 'custom_9', 'custom_10', 'ip_address', 'country', 'user_agent'],
]

const text = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed())
const some = { requiredKeys: [] }
const time = fc
  .date({ min: new Date(0), max: new Date('2099-01-01'), noInvalidDate: true })
  .map((at) => at.toISOString())
const person = fc.record(
  { name: text, firstName: text, lastName: text, email: text, company: text, country: text },
  some,
)
const feedback = fc.record(
  {
    temperature: fc.constantFrom(...temperatures),
    createdAt: time,
    comment: text,
    drivers: fc.array(text),
    custom: fc.array(text, { maxLength: 10 }),
    campaign: fc.record({ id: text, name: text, sentAt: time }, some),
    customer: person,
    request: fc.record({ ip: text, userAgent: text }, some),
  },
  { requiredKeys: ['temperature', 'createdAt'] },
)

test('for any feedback, the body is one flat object with the 30 keys and drivers in their order', () => {
  expect(keys).toHaveLength(30)
  fc.assert(
    fc.property(feedback, (feedback) => {
      const body = JSON.parse(customerThermometer.render(recordOfFeedback(feedback), renderContext))
      expect(Object.keys(body)).toEqual([...keys, 'drivers'])
      const { drivers, ...flat } = body
      expect(drivers).toEqual(feedback.drivers ?? [])
      for (const value of Object.values(flat)) expect(value === null || typeof value !== 'object').toBe(true)
      for (const key of ['event_id', 'thermometer_id', 'response_id', 'temperature_id'])
        expect(Number.isSafeInteger(body[key])).toBe(true)
      expect(body.blast_id === null || Number.isSafeInteger(body.blast_id)).toBe(true)
      expect(body.response_delay === null || body.response_delay >= 0).toBe(true)
    }),
  )
})
