import { expect, test } from 'vitest'
import { recordOf, renderContext } from '@/e2e/fixtures/data/event-records'
import { formats } from '../formats/formats'
import { eventSchema } from './event-schema'
import { eventTypes } from './event-types'
import { sampleEvent } from './sample-events'

test.each(eventTypes)('the ingest API accepts the sample of %s', (type) => {
  expect(eventSchema.parse(sampleEvent(type))).toEqual(sampleEvent(type))
})

const offered = Object.values(formats).flatMap((format) => format.offers.map(({ type }) => ({ format, type })))

test.each(offered.filter(({ type }) => type !== 'feedback.deleted'))(
  '$format.label renders a body for the sample of $type',
  ({ format, type }) => {
    const record = recordOf(sampleEvent(type))
    expect(format.lacks(record)).toBeUndefined()
    for (const encoding of format.encodings) expect(format.render(record, { ...renderContext, encoding })).not.toBe('')
  },
)
