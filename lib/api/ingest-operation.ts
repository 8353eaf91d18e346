import type { ZodOpenApiOperationObject } from 'zod-openapi'
import { eventSchema } from '../events/event-schema'
import { sampleEvent } from '../events/sample-events'
import * as z from '../zod'
import { problemSchema, shownId } from './api-schemas'

// POST /events, which the long-running process answers (lib/pipeline/ingest/ingest.ts).

const rejection = z.object({
  index: z.int(),
  id: z.string().nullable(),
  code: z.enum(['invalid_json', 'invalid', 'too_large', 'id_conflict', 'too_many_sources', 'unknown_account']),
  message: z.string(),
  path: z.string(),
})

const answer = z
  .object({
    accepted: z.int(),
    duplicates: z.int(),
    rejected: z.array(rejection),
    events: z.array(z.object({ index: z.int(), id: shownId('event'), deliveries: z.int(), duplicate: z.boolean() })),
  })
  .meta({ id: 'IngestAnswer' })

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
})

const event = eventSchema.meta({ id: 'IncomingEvent' })

export const ingestOperation: ZodOpenApiOperationObject = {
  operationId: 'sendEvents',
  tags: ['Events'],
  summary: 'Send events',
  description:
    'One event, a list, or one a line (`application/x-ndjson`): up to 1,000 events and 5 MiB, 256 KiB an event. Good events ' +
    'are taken and bad ones named. An `id` makes an event idempotent for as long as it is kept. With the operator’s key ' +
    'each event names its `account`.\n\nNeeds an API key with the scope `ingest`, or the operator’s key.',
  security: [{ apiKey: [] }, { operatorKey: [] }],
  requestParams: {
    header: z.object({
      'Idempotency-Key': z.string().min(1).max(255).optional().meta({ description: 'The id of a single event.' }),
    }),
  },
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: z.union([event, z.array(event).min(1).max(1000)]),
        examples: { one: { value: sampleEvent('feedback.created') } },
      },
      'application/x-ndjson': { schema: z.string() },
    },
  },
  responses: {
    '202': {
      description: 'At least one event was taken, or known already.',
      content: { 'application/json': { schema: answer } },
    },
    '400': problem('No event was taken.'),
    '401': problem('There is no valid API key.'),
    '403': problem('The API key has not the scope.'),
    '408': problem('The request took longer than 60 s.'),
    '409': problem('Every event has the id of another one with other content.'),
    '413': problem('The body is too large.'),
    '415': problem('The body is neither JSON nor NDJSON in UTF-8.'),
    '429': problem('Over the limit of events a second. Retry-After says when to try again.'),
    '503': problem('The database does not answer, or too much is being received at once. Send it again.'),
  },
}
