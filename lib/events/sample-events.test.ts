import { expect, test } from 'vitest'
import { eventSchema } from './event-schema'
import { eventTypes } from './event-types'
import { sampleEvent } from './sample-events'

test.each(eventTypes)('the sample of %s is an event that the ingest API takes', (type) => {
  expect(eventSchema.parse(sampleEvent(type))).toEqual(sampleEvent(type))
})
