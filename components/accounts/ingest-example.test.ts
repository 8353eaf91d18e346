import { expect, it } from 'vitest'
import { eventSchema } from '@/lib/events/event-schema'
import { curlFor, exampleEvent } from './ingest-example'

it('is an event that the hub takes', () => {
  expect(eventSchema.parse(JSON.parse(exampleEvent))).toMatchObject({ type: 'feedback.created' })
})

it('goes to this hub’s own address and survives a shell', () => {
  expect(curlFor('https://hub.example.com')).toContain('curl -X POST https://hub.example.com/api/v1/events \\\n')
  expect(exampleEvent).not.toContain("'")
})
