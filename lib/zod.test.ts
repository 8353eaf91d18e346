import { describe, expect, test } from 'vitest'
import { accountSettingsSchema, changePasswordSchema, newAccountSchema, signInSchema } from './accounts/account-schema'
import { apiKeyFormSchema } from './accounts/api-key-schema'
import { operations } from './api/operations'
import { type ParsedBody, parseEvents } from './events/parse-events'
import { sampleEvent } from './events/sample-events'
import { faultWords } from './fault-words'
import { readReviewsQuery } from './feedback/reviews-query'
import { invalid } from './form-result'
import { newSourceSchema, sourceSchema, sourceWebhookSchema } from './sources/source-schema'
import { newFormValues } from './webhooks/form-defaults'
import { draftSchema } from './webhooks/preview'
import { rotationSchema } from './webhooks/rotation-schema'
import { preSharedKeySchema, webhookFormSchema } from './webhooks/webhook-schema'
import * as z from './zod'

const wrongValues = [undefined, null, 5, -1, 1e9, 0.5, Number.NaN, true, '', 'x', ' ', [], [null], ['x'], {}, { x: 1 }]

/** `value` with each of its fields, and itself, replaced by each wrong value in turn. */
function* spoilt(value: unknown): Generator<unknown> {
  yield* wrongValues
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value))
    for (const wrong of spoilt(inner))
      yield Array.isArray(value)
        ? value.map((other, i) => (String(i) === key ? wrong : other))
        : { ...value, [key]: wrong }
}

const defaultWords = /invalid|expected|received|too (small|big)|unrecogni[sz]ed|\bNaN\b|undefined/i

describe('every message about input is the hub’s own:', () => {
  const message = { ...sampleEvent('message.created') } as { message: object }
  const events = [
    {
      ...sampleEvent('feedback.created'),
      id: 'e',
      occurredAt: '2026-11-20T10:12:30Z',
      notify: true,
      source: { key: 's', name: 'S', kind: 'email' },
    },
    { ...sampleEvent('feedback.deleted'), source: 's' },
    sampleEvent('survey.declined'),
    {
      type: 'message.updated',
      message: { ...message.message, sentAt: '2026-11-20T10:12:30Z', text: 'Hi', feedbackId: 'f' },
    },
  ]

  test.each(events)('of $type, each field with what it is not', async (event) => {
    const bodies = [...spoilt(event)].filter((body) => body !== undefined).map((body) => JSON.stringify(body))
    let refused = 0
    for (const body of bodies) {
      const { rejected } = (await parseEvents(Buffer.from(body), true, null)) as ParsedBody
      for (const { message } of rejected) {
        refused++
        expect(message, body).not.toMatch(defaultWords)
        expect(message, body).toMatch(/^(is|has|needs|begins) /)
      }
    }
    expect(refused).toBeGreaterThan(30)
  })

  const form = {
    ...newFormValues('standard'),
    name: 'Low',
    url: 'https://shop.example.org/',
    secret: `whsec_${Buffer.alloc(32).toString('base64')}`,
    headers: [{ name: 'X-Shop', value: 'a', kept: false }],
    condition: { kind: 'service', ratings: [1] },
    sources: { kind: 'chosen', ids: ['00000000-0000-4000-8000-000000000000'] },
  }
  const context = {
    npsEnabled: true,
    accountKeySet: true,
    urlPolicy: { http: 'format' as const, ports: [], privateTargets: [] },
  }
  const account = { name: 'Quay', identifier: 'quay', email: 'a@quay.example', password: 'three plain words' }
  const forms: Record<string, [z.ZodType, unknown]> = {
    webhook: [webhookFormSchema(context), form],
    'webhook with another condition': [
      webhookFormSchema(context),
      { ...form, condition: { kind: 'nps', scores: [1] } },
    ],
    'webhook with a thermometer': [
      webhookFormSchema(context),
      { ...form, condition: { kind: 'thermometer', boxes: ['red.comment'] } },
    ],
    preview: [draftSchema, form],
    rotation: [rotationSchema('standard'), { entered: true, secret: 's', overlapHours: 3 }],
    'pre-shared key': [preSharedKeySchema, { key: 'abcdefgh' }],
    'new account': [newAccountSchema, account],
    'sign-in': [signInSchema, account],
    password: [changePasswordSchema, { currentPassword: 'a', newPassword: 'three plain words' }],
    settings: [
      accountSettingsSchema,
      { ...account, npsEnabled: true, publishReviews: true, wootricToken: '', teamId: '' },
    ],
    'API key': [apiKeyFormSchema, { name: 'Key', scopes: ['read'] }],
    source: [
      sourceSchema,
      { name: 'S', kind: 'email', vendorIds: { thermometerId: 1, wootricSurveyId: 2, rateupSurveyId: 'r' } },
    ],
    'new source': [newSourceSchema, { name: 'S', kind: 'email', key: 's' }],
    'source’s URL': [sourceWebhookSchema, { url: 'https://shop.example.org/' }],
  }

  test.each(Object.entries(forms))('of the form %s, each field with what it is not', (_, [schema, values]) => {
    let refused = 0
    for (const wrong of spoilt(values)) {
      const parsed = schema.safeParse(wrong)
      if (parsed.success) continue
      for (const { message } of invalid(parsed.error).errors) {
        refused++
        expect(message, JSON.stringify(wrong)).not.toMatch(defaultWords)
        expect(message, JSON.stringify(wrong)).toMatch(/^["A-Z].*\.$/s)
      }
    }
    expect(refused).toBeGreaterThan(5)
  })

  test('of every operation of the API, in its body and its query', () => {
    let refused = 0
    const check = (schema: z.ZodType | undefined, wrong: unknown, id: string) => {
      const parsed = schema?.safeParse(wrong)
      if (!parsed || parsed.success) return
      for (const { message } of invalid(parsed.error).errors) {
        refused++
        expect(message, `${id} ${JSON.stringify(wrong)}`).not.toMatch(defaultWords)
        expect(message, `${id} ${JSON.stringify(wrong)}`).toMatch(/^["A-Z].*\.$/s)
      }
    }
    for (const { id, body, query, examples } of operations) {
      for (const example of [{}, ...Object.values(examples ?? {})])
        for (const wrong of spoilt(example)) check(body, wrong, id)
      const names = query instanceof z.ZodObject ? Object.keys(query.shape) : []
      for (const name of [...names, 'unknown'])
        for (const wrong of ['', ' ', 'x', '-1', '0.5', '1e9', 'NaN']) check(query, { [name]: wrong }, id)
    }
    expect(refused).toBeGreaterThan(500)
  })

  test('of each parameter of the Reviews API', () => {
    const names = ['merchant_identifier', 'id', 'page', 'page_size', 'since', 'rating']
    for (const kind of ['all', 'nps'] as const)
      for (const name of names)
        for (const wrong of ['', 'x', '-1', '0.5', '1e9', '\0', 'x'.repeat(300)]) {
          const read = readReviewsQuery(kind, new URLSearchParams({ [name]: wrong }))
          for (const { message } of 'faults' in read ? read.faults : []) {
            expect(message).not.toMatch(defaultWords)
            expect(message).toMatch(/^(is|holds) /)
          }
        }
  })
})

test('a schema that leaves its messages out has the hub’s, whatever its kind', () => {
  const schemas: [z.ZodType, unknown][] = [
    [z.string(), undefined],
    [z.object({}), null],
    [z.array(z.string()), 'x'],
    [z.array(z.string()).min(1), []],
    [z.array(z.string()).max(1), ['a', 'b']],
    [z.string().min(1), ''],
    [z.string().min(3), 'a'],
    [z.string().max(3), 'abcd'],
    [z.string().regex(/^a/), 'b'],
    [z.email(), 'b'],
    [z.uuid(), 'b'],
    [z.int(), 0.5],
    [z.number().multipleOf(2), 3],
    [z.number().min(3), 2],
    [z.bigint().max(3n), 4n],
    [z.date(), 'x'],
    [z.enum(['a', 'b']), 'c'],
    [z.literal('a'), 'c'],
    [z.strictObject({}), { a: 1 }],
    [z.record(z.string().max(1), z.string()), { ab: 'c' }],
    [z.union([z.string(), z.number()]), true],
    [z.map(z.string(), z.string()), 'x'],
    [z.string().refine(() => false), 'x'],
    [z.never(), 1],
  ]
  for (const [schema, value] of schemas) {
    const sentence = schema.safeParse(value).error?.issues[0]?.message
    expect(sentence).toMatch(/^This (is|has) .*\.$/)
    expect(sentence).not.toMatch(defaultWords)
    const fault = schema.safeParse(value, { error: faultWords }).error?.issues[0]?.message
    expect(sentence).toBe(`This ${fault}.`)
  }
})
