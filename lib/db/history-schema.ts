import { boolean, integer, jsonb, pgTable, real, smallint, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import type { DecisionRow, EventParts } from '../events/event-record'
import type { TestSnapshot } from '../test-fires/test-snapshot'

// Reading types for the append-only tables and the queue. Their DDL is drizzle/migrations/*_history.sql: each is
// partitioned by day on its UUID v7 (queue: not partitioned), with the key (account_id, id).

export const events = pgTable('events', {
  accountId: uuid().notNull(),
  id: uuid().notNull(),
  type: text().notNull(),
  /** The platform's own id of the event, when it gave one. */
  externalId: text(),
  sourceId: uuid().notNull(),
  feedbackId: uuid(),
  /** The platform's id of the feedback, decline or message: what people search by. */
  subjectId: text().notNull(),
  feedbackVersion: integer(),
  /** The event as formats render it (EventRecord), JSON. */
  data: text().notNull(),
  parts: jsonb().$type<EventParts>(),
  decisions: jsonb().$type<DecisionRow>().notNull(),
})

/** One distinct body, exactly as it is signed and sent. */
export const payloads = pgTable('payloads', {
  accountId: uuid().notNull(),
  id: uuid().notNull(),
  format: text().notNull(),
  body: text().notNull(),
})

export const deliveries = pgTable('deliveries', {
  accountId: uuid().notNull(),
  id: uuid().notNull(),
  /** Null for a test fire. */
  eventId: uuid(),
  /** Null for the test fire of a form that was never saved. */
  webhookId: uuid(),
  webhookVersion: integer(),
  payloadId: uuid().notNull(),
  feedbackVersion: integer(),
  /** What a test fire was made with, in place of a webhook version. */
  test: jsonb().$type<TestSnapshot>(),
})

export const calls = pgTable('calls', {
  accountId: uuid().notNull(),
  /** Its time is that of the start of the call. */
  id: uuid().notNull(),
  deliveryId: uuid().notNull(),
  webhookId: uuid(),
  webhookVersion: integer(),
  attempt: smallint().notNull(),
  /** The HTTP status, when there was one. */
  status: smallint(),
  /** Why it is not a success (CallFailure of lib/calls/failure.ts); null: a 2xx. */
  failure: text(),
  /** What the failure is about: the forbidden address, the number of bytes. Never a URL's path. */
  detail: text(),
  durationMs: real().notNull(),
  /** Milliseconds until the connection was open, and until the first byte of the answer. */
  connectMs: real(),
  firstByteMs: real(),
  /** A person's test fire, not a delivery of an event. */
  test: boolean().notNull(),
  /** Unix seconds that were signed and sent. */
  signedAt: integer(),
  signature: text(),
  keyVersion: integer(),
  secretVersion: integer(),
  /** The answer's headers as a JSON array: name, value, name, value, … cut at 16 KiB. */
  responseHeaders: text(),
  responseBody: text(),
  /** Bytes of body that were read. More than `responseBody` holds: it was cut. */
  responseBytes: integer(),
  /** The wait ordered by Retry-After, in seconds. */
  retryAfterSeconds: integer(),
})

/** How a delivery ended without a 2xx. */
export const outcomes = pgTable('outcomes', {
  accountId: uuid().notNull(),
  deliveryId: uuid().notNull(),
  webhookId: uuid().notNull(),
  kind: text({ enum: ['exhausted', 'cancelled'] }).notNull(),
  reason: text().notNull(),
  at: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
})

/** What is still to be sent. `run_at` is the due time or the end of the lease; results are fenced by `lease`. */
export const queue = pgTable('queue', {
  accountId: uuid().notNull(),
  deliveryId: uuid().notNull(),
  webhookId: uuid().notNull(),
  payloadId: uuid().notNull(),
  feedbackVersion: integer(),
  keyVersion: integer(),
  lease: integer().notNull(),
  /** Claims since the last recorded call. */
  abandonedClaims: smallint().notNull(),
  /** Calls recorded. */
  attempts: smallint().notNull(),
  /** Calls recorded before the running round; above 0 once a person has sent the delivery again. */
  earlierAttempts: smallint().notNull(),
  runAt: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
})
