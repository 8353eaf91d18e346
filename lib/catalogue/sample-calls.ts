import type { EventRecord } from '../events/event-record'
import type { Feedback } from '../events/event-schema'
import { type EventType, eventTypes } from '../events/event-types'
import { sampleEvent } from '../events/sample-events'
import { type Encoding, type Format, type FormatKey, formatKeys } from '../formats/format'
import { formats } from '../formats/formats'

// A sample of every body that is sent: of each event in each format that offers it. Pure.

const at = '2026-11-20T10:12:30.000Z'

/** The sample event of a test fire, as ingest would store it. Its ids are always the same. */
export function sampleRecord(type: EventType): EventRecord {
  const event = sampleEvent(type)
  const last = sampleEvent('feedback.created') as { feedback: Feedback }
  const kept = type === 'feedback.deleted' ? { ...last.feedback, deletedAt: at } : {}
  const ids = {
    publicId: '9b2f6c1e-5d3a-4e7b-8c90-1a2b3c4d5e6f',
    number: 1128,
    version: 1,
    createdAt: at,
    updatedAt: at,
  }
  return {
    id: '019a9f3c-2d70-7c6e-9a41-5f0b8e2d7c13',
    number: 8812,
    type,
    occurredAt: at,
    triggeredAt: at,
    source: {
      id: '4365b702-69a3-4362-a162-1725ad50f259',
      key: 'ticket-closed',
      name: 'Ticket closed',
      kind: 'email',
      number: 21,
      vendorIds: {},
    },
    feedback: 'feedback' in event ? { ...kept, ...event.feedback, ...ids } : undefined,
    decline: 'decline' in event ? event.decline : undefined,
    message: 'message' in event ? event.message : undefined,
  }
}

/** The body that a format sends for the sample event. */
export const sampleBody = (format: Format, type: EventType, encoding: Encoding = 'json'): string =>
  format.render(sampleRecord(type), {
    hubUrl: 'https://hub.example',
    encoding,
    accountId: '3112a17e-d353-482b-82e0-0af2f10771ee',
    merchantIdentifier: 'quay',
    wootricToken: null,
    teamId: null,
  })

export type CatalogueEntry = { type: EventType; format: FormatKey; ticked: boolean }

/** Every event in every format that offers it. */
export const catalogue: CatalogueEntry[] = eventTypes.flatMap((type) =>
  formatKeys.flatMap((format) => {
    const offer = formats[format].offers.find((own) => own.type === type)
    return offer ? [{ type, format, ticked: offer.ticked }] : []
  }),
)
