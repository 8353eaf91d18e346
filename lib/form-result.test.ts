import { expect, it } from 'vitest'
import { invalid, refused } from './form-result'
import * as z from './zod'

it('has the first error of each field, with dots in the names of nested fields', () => {
  const schema = z.object({
    name: z.string().min(3, 'short').regex(/^a/, 'no a'),
    rule: z.object({ events: z.array(z.string()).min(1, 'none') }),
  })
  const parsed = schema.safeParse({ name: 'b', rule: { events: [] } })
  if (parsed.success) throw new Error('valid')
  expect(invalid(parsed.error)).toEqual({
    ok: false,
    errors: [
      { field: 'name', message: 'short' },
      { field: 'rule.events', message: 'none' },
    ],
  })
})

it('has no field for an error of the whole form', () => {
  expect(refused('Later.')).toEqual({ ok: false, errors: [{ message: 'Later.' }] })
})
