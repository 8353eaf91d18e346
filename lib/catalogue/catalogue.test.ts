import { expect, test } from 'vitest'
import { formats } from '../formats/formats'
import { bodySchema } from './body-schemas'
import { catalogue, sampleBody } from './sample-calls'

test.each(catalogue)(
  'the body of $type in the format $format is what its schema says, with no other field',
  ({ type, format }) => {
    const body = JSON.parse(sampleBody(formats[format], type))
    expect(bodySchema(format, type).parse(body)).toEqual(body)
  },
)

test('the catalogue has every event that a format offers', () => {
  const offered = Object.values(formats).flatMap(({ offers }) => offers)
  expect(catalogue).toHaveLength(offered.length)
})
