import { sql } from 'drizzle-orm'
import {
  boolean,
  inet,
  integer,
  json,
  jsonb,
  pgTable,
  real,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import type { EventParts } from '../events/event-record'
import type { StoredDecisions } from '../events/stored-decisions'
import type { TestSnapshot } from '../test-fires/test-snapshot'

// Column types of the append-only tables and the queue, for reading. Their DDL is drizzle/migrations/*_history.sql. Each
// table has the key (account_id, id) and is partitioned by the day of its UUID v7, except the queue.

export const events = pgTable('events', {
  accountId: uuid().notNull(),
  id: uuid().notNull(),
  type: text().notNull(),
  /** The platform's id of the event, if it gave one. */
  externalId: text(),
  sourceId: uuid().notNull(),
  feedbackId: uuid(),
  /** The platform's id of the feedback, decline or message, by which people search. */
  subjectId: text().notNull(),
  feedbackVersion: integer(),
  /** The event as formats render it (EventRecord), JSON. */
  data: text().notNull(),
  parts: jsonb().$type<EventParts>(),
  /** Null in events from before migration 0019. `eventDecisions` reads either. */
  decisions: json().$type<StoredDecisions>(),
  earlierDecisions: jsonb().$type<StoredDecisions>(),
})

/** SQL: the decisions of an event, as `json`. */
export const eventDecisions = sql<StoredDecisions>`coalesce(${events.decisions}, ${events.earlierDecisions}::json)`

/** One distinct body, byte for byte as it is signed and sent. */
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
  /** The settings of a test fire, in place of a webhook version. */
  test: jsonb().$type<TestSnapshot>(),
})

export const calls = pgTable('calls', {
  accountId: uuid().notNull(),
  /** Its time is the start of the call. */
  id: uuid().notNull(),
  deliveryId: uuid().notNull(),
  webhookId: uuid(),
  webhookVersion: integer(),
  attempt: smallint().notNull(),
  /** The HTTP status, if there was an answer. */
  status: smallint(),
  /** Why the call failed (CallFailure of lib/calls/failure.ts); null: a success. */
  failure: text(),
  /** A detail of the failure, such as the blocked address or the number of bytes. Never the path of a URL. */
  detail: text(),
  durationMs: real().notNull(),
  /** Milliseconds until the connection was open, and until the first byte of the answer. */
  connectMs: real(),
  firstByteMs: real(),
  /** True for a test fire. */
  test: boolean().notNull(),
  /** True: a person had sent the delivery again, and the call said so (`hearback-replay`). */
  replay: boolean().notNull().default(false),
  /** The signed and sent time of the call, in Unix seconds. */
  signedAt: integer(),
  signature: text(),
  keyVersion: integer(),
  secretVersion: integer(),
  /** The answer's headers as a JSON array (name, value, name, value, …), cut at 16 KiB. */
  responseHeaders: text(),
  responseBody: text(),
  /** The number of body bytes that were read. When `responseBody` has fewer, it was cut. */
  responseBytes: integer(),
  /** The wait that Retry-After asked for, in seconds. */
  retryAfterSeconds: integer(),
  /** True: a kept connection turned out to be closed, and the request was sent again on a new one. Null: it was not. */
  reconnected: boolean(),
  /** The address that was called. */
  address: inet(),
  /** Milliseconds that the parts of opening the connection took. Null: the connection was kept from an earlier call. */
  dnsMs: real(),
  tcpMs: real(),
  tlsMs: real(),
  /** "1.3" */
  tlsVersion: text(),
  /** When the receiver's certificate ends. */
  certificateEndsAt: timestamp({ withTimezone: true, mode: 'date' }),
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

/**
 * Deliveries that are still to be sent. `run_at` is the due time, the end of the lease, or `infinity` while the webhook is
 * held. `lease` fences results.
 */
export const queue = pgTable('queue', {
  accountId: uuid().notNull(),
  deliveryId: uuid().notNull(),
  webhookId: uuid().notNull(),
  payloadId: uuid().notNull(),
  feedbackVersion: integer(),
  keyVersion: integer(),
  lease: integer().notNull(),
  /** The number of claims since the last recorded call. */
  abandonedClaims: smallint().notNull(),
  /** The number of recorded calls. */
  attempts: smallint().notNull(),
  /** The number of calls recorded before the running round. Above 0 when a person has sent the delivery again. */
  earlierAttempts: smallint().notNull(),
  /** Its next call is a probe that a person asked for: it is past schedule, pause and probing. */
  probe: boolean().notNull().default(false),
  /** A person has sent the delivery again. */
  replay: boolean().notNull().default(false),
  runAt: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
})
