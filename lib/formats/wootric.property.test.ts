import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recordOf, recordOfFeedback, renderContext } from '@/e2e/fixtures/data/event-records'
import { type Interpreter, runOn, without } from '@/e2e/fixtures/receivers/interpreters'
import type { EventRecord } from '../events/event-record'
import type { Feedback } from '../events/event-schema'
import { findJsonFault } from '../events/json-limits'
import { wootric } from './wootric'

// The form body and the JSON body of an event have the same content. PHP and Rack parse the form, independently of the code
// that wrote it.

const text = fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.toWellFormed().replaceAll('\0', ''))
const name = text.filter((name) => name.trim() !== '' && !/[[\]]/.test(name))
const plain = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
)
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    plain,
    fc.array(plain, { maxLength: 4 }),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(name, tie('any'), { maxKeys: 3 }),
  ),
})).any
const time = fc
  .date({ min: new Date('0001-01-02T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString())

const common = {
  customer: fc.record({ email: text, externalId: text, phone: text }, { requiredKeys: [] }),
  request: fc.record({ ip: text, originUrl: text }, { requiredKeys: [] }),
  properties: fc.dictionary(name, value, { maxKeys: 5 }) as fc.Arbitrary<NonNullable<Feedback['properties']>>,
  createdAt: time,
  updatedAt: time,
}
const ratings = fc.oneof(
  fc.record({
    nps: fc.record({ score: fc.integer({ min: 0, max: 10 }), reason: fc.option(text, { nil: undefined }) }),
  }),
  fc.record({
    service: fc.record({ rating: fc.integer({ min: 1, max: 5 }), text: fc.option(text, { nil: undefined }) }),
  }),
)
const record: fc.Arbitrary<EventRecord> = fc
  .oneof(
    fc
      .tuple(fc.record(common, { requiredKeys: ['createdAt', 'updatedAt'] }), ratings, fc.boolean(), time)
      .map(([common, ratings, excludedFromCalculations, triggeredAt]) =>
        recordOfFeedback({ ...common, ...ratings, excludedFromCalculations }, { triggeredAt }),
      ),
    fc
      .tuple(fc.record(common, { requiredKeys: [] }), time)
      .map(([common, triggeredAt]) =>
        recordOf({ type: 'survey.declined', decline: { id: 'd', ...common } }, { triggeredAt }),
      ),
  )
  .filter((record) => findJsonFault(record) === undefined)

const bodies = (record: EventRecord) => ({
  json: wootric.render(record, renderContext),
  form: wootric.render(record, { ...renderContext, encoding: 'form' }),
})

/** A JSON value as a form carries it: text for everything, empty text for null, objects for lists. */
function asFields(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return String(value ?? '')
  const entries = Object.entries(value).map(([name, inner]) => [name, asFields(inner)])
  return entries.length > 0 ? Object.fromEntries(entries) : ''
}

/** Takes the times out, to compare them as instants. */
function withoutTimes({ timestamp: _, ...body }: Record<string, unknown>) {
  const part = body.response ? 'response' : 'decline'
  const { created_at: _created, updated_at: _updated, ...rest } = body[part] as Record<string, unknown>
  return { ...body, [part]: rest }
}

type Read = { fields: Record<string, unknown>; instants: { json: unknown; form: unknown } }

const readers: Record<string, { program: Interpreter; args: string[] }> = {
  PHP: { program: 'php', args: ['-d', 'max_input_vars=100000', 'read-forms.php'] },
  Rack: { program: 'ruby', args: ['read-forms.rb'] },
}

describe.each(Object.entries(readers))('read by %s', (library, { program, args }) => {
  const absent = without(program, `Wootric's form bodies read by ${library}`)

  // One process parses all bodies. A failure shows the body and the seed that makes it again.
  test.skipIf(absent)('a form body holds the same values as the JSON body, with times to the second', () => {
    const seed = Date.now() % 2 ** 31
    const pairs = fc.sample(record, { numRuns: 500, seed }).map(bodies)
    const lines = runOn(program, args, pairs.map((pair) => `${JSON.stringify(pair)}\n`).join(''))
    const read = lines.trimEnd().split('\n')
    expect(read).toHaveLength(pairs.length)
    pairs.forEach(({ json, form }, i) => {
      const { fields, instants } = JSON.parse(read[i] as string) as Read
      const expected = asFields(JSON.parse(json)) as Record<string, unknown>
      expect(withoutTimes(fields), `seed ${seed}: ${form}`).toEqual(withoutTimes(expected))
      expect(instants.form, `seed ${seed}: ${form}`).toEqual(instants.json)
    })
  })
})

test('dates are written as Wootric writes them in a form body, and with milliseconds in a JSON body', () => {
  fc.assert(
    fc.property(record, (record) => {
      const { json, form } = bodies(record)
      const fields = new URLSearchParams(form)
      expect(fields.get('timestamp')).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}$/)
      expect(JSON.parse(json).timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/)
    }),
  )
})
