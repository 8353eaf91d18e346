import { describe, expect, test } from 'vitest'
import { testFormContext as context } from '@/e2e/fixtures/data/webhooks'
import { invalid } from '../form-result'
import { type FormatKey, formatKeys } from '../formats/format'
import { newFormValues } from './form-defaults'
import { generateSecrets } from './signing-secret'
import { type WebhookFormContext, type WebhookFormInput, webhookFormSchema } from './webhook-schema'

const filled = (format: FormatKey): WebhookFormInput => ({
  ...newFormValues(format),
  name: 'Low ratings',
  url: 'https://93.184.215.14/hooks',
  secret: generateSecrets()[format] ?? '',
})

/** The errors of a form, by field. */
function errors(
  set: Partial<Record<keyof WebhookFormInput, unknown>>,
  format: FormatKey,
  own: WebhookFormContext = context,
) {
  const parsed = webhookFormSchema(own).safeParse({ ...filled(format), ...set })
  return parsed.success
    ? {}
    : Object.fromEntries(invalid(parsed.error).errors.map(({ field, message }) => [field, message]))
}

test.each(formatKeys)('a new form of %s is valid once it is filled in', (format) => {
  expect(errors({}, format)).toEqual({})
})

describe('events', () => {
  test.each([
    ['feefo', 'feedback.deleted'],
    ['wootric', 'message.created'],
    ['reviews', 'survey.declined'],
    ['rateup', 'feedback.deleted'],
    ['customer-thermometer', 'feedback.deleted'],
  ] as const)('%s does not offer %s, and says so at the field', (format, event) => {
    expect(errors({ events: ['feedback.created', event] }, format)).toEqual({ events: expect.stringContaining(event) })
  })

  test('a form without an event is refused', () => {
    expect(errors({ events: [] }, 'wootric')).toEqual({ events: expect.stringContaining('tick at least one') })
  })
})

describe('the thermometer table', () => {
  const table = (boxes: unknown) => ({ condition: { kind: 'thermometer', boxes } })

  test.each(['customer-thermometer', 'standard'] as const)(
    'of %s is refused while it is empty, at its own field',
    (format) => {
      expect(errors(table([]), format)).toEqual({
        'condition.boxes': 'Tick at least one box of the thermometer table.',
      })
    },
  )

  test('fixes the events to feedback created and updated', () => {
    const form = { ...filled('standard'), ...table(['red.comment']), events: ['message.created' as const] }
    expect(webhookFormSchema(context).parse(form)).toMatchObject({
      events: ['feedback.created', 'feedback.updated'],
      condition: { kind: 'thermometer', boxes: ['red.comment'] },
    })
  })

  test('keeps each box once, in the order of the table', () => {
    const form = { ...filled('customer-thermometer'), ...table(['red.comment', 'gold.response', 'red.comment']) }
    expect(webhookFormSchema(context).parse(form).condition).toEqual({
      kind: 'thermometer',
      boxes: ['gold.response', 'red.comment'],
    })
  })

  test('is offered by Customer Thermometer and by Full event alone', () => {
    const offering = formatKeys.filter((format) => !('condition' in errors(table(['red.comment']), format)))
    expect(offering).toEqual(['customer-thermometer', 'standard'])
  })

  test('has no box that does not exist', () => {
    expect(Object.keys(errors(table(['blue.comment']), 'standard'))).toEqual(['condition.boxes.0'])
  })
})

describe('the encoding', () => {
  test('is a choice of Wootric’s format only', () => {
    expect(formatKeys.filter((format) => !('encoding' in errors({ encoding: 'form' }, format)))).toEqual(['wootric'])
  })

  test('is kept once a WebHook is saved', () => {
    const stored = { format: 'wootric', encoding: 'form', npsCondition: false, basicPassword: false } as const
    expect(errors({ encoding: 'form' }, 'wootric', { ...context, stored })).toEqual({})
    expect(errors({ encoding: 'json' }, 'wootric', { ...context, stored })).toEqual({
      encoding: expect.stringContaining('is kept'),
    })
  })
})

test('a Basic user with a colon is refused at its field', () => {
  const basic = { authentication: 'basic', basicUser: 'hub:one', basicPassword: 'pa55-word' }
  expect(errors(basic, 'customer-thermometer')).toEqual({ basicUser: expect.stringContaining('colon') })
})

test.each(['line\nbreak', 'nul\0', 'half \ud83d'])(
  '%j is refused as a Basic user and as a password, at its field',
  (text) => {
    const basic = { authentication: 'basic', basicUser: text, basicPassword: text }
    const words = expect.stringContaining('can’t be shown')
    expect(errors(basic, 'customer-thermometer')).toEqual({ basicUser: words, basicPassword: words })
  },
)

test('the dots that are shown in place of a password are not a password', () => {
  for (const basicPassword of ['••••••••', '●●●●', '********']) {
    const basic = { authentication: 'basic', basicUser: 'hub', basicPassword }
    expect(errors(basic, 'customer-thermometer')).toEqual({ basicPassword: expect.stringContaining('dots') })
  }
})

test('plain http is accepted for the formats whose vendor accepts it, and for no other', () => {
  const taking = formatKeys.filter((format) => !('url' in errors({ url: 'http://93.184.215.14/hooks' }, format)))
  expect(taking).toEqual(['customer-thermometer', 'wootric', 'rateup'])
})
