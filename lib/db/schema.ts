import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import type { ApiScope } from '../accounts/api-key-schema'
import type { VendorIds } from '../events/event-record'
import type { Encoding } from '../formats/format'
import type { Authentication, Rule } from '../webhooks/webhook-schema'
import { createdAt, moment } from './columns'

// Configuration and current feedback. People stand in people-schema.ts. What only grows (events, payloads, deliveries, calls, outcomes) and the
// queue stand in history-schema.ts, because their partitions are hand-written SQL.

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
/** The account a row belongs to: in every table. */
export const accountId = () =>
  uuid()
    .notNull()
    .references(() => accounts.id)

export const accounts = pgTable('accounts', {
  id: uuid().primaryKey(),
  identifier: text().notNull().unique(),
  name: text().notNull(),
  npsEnabled: boolean().notNull().default(false),
  publishReviews: boolean().notNull().default(false),
  /** Raised by every change of what ingest or a drainer has to know. */
  configVersion: bigint({ mode: 'number' }).notNull().default(1),
  /** The pre-shared key in force, or null. */
  preSharedKeyVersion: integer(),
  nextWebhookNumber: integer().notNull().default(1),
  /** What the merchant has at Wootric and Rateup: sent in place of our own, so that receivers find what they know. */
  wootricToken: text(),
  teamId: text(),
  createdAt: createdAt(),
})

// --- keys and audit ---------------------------------------------------------------------------------------------

export const apiKeys = pgTable(
  'api_keys',
  {
    accountId: accountId(),
    id: uuid().notNull(),
    name: text().notNull(),
    /** The first characters, shown so that people can tell keys apart. */
    prefix: text().notNull(),
    /** SHA-256 of the whole key. */
    hash: bytea().notNull().unique(),
    scopes: text().array().$type<ApiScope[]>().notNull(),
    createdAt: createdAt(),
    /** Events a second that each process lets in with it; null: no limit. */
    eventsPerSecond: integer(),
    lastUsedAt: moment(),
    revokedAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.id] })],
)

/** Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE. */
export const audit = pgTable(
  'audit',
  {
    accountId: accountId(),
    id: uuid().notNull(),
    at: createdAt(),
    /** Who: a person, or null for a command on the operator's shell. */
    userId: text(),
    action: text().notNull(),
    subject: text().notNull(),
    detail: jsonb().notNull().default({}),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.id] })],
)

// --- webhooks ---------------------------------------------------------------------------------------------------

export const preSharedKeys = pgTable(
  'pre_shared_keys',
  { accountId: accountId(), version: integer().notNull(), sealed: text().notNull(), createdAt: createdAt() },
  (t) => [primaryKey({ columns: [t.accountId, t.version] })],
)

export const webhooks = pgTable(
  'webhooks',
  {
    accountId: accountId(),
    id: uuid().notNull(),
    /** Short and stable within the account: what decisions name. */
    number: integer().notNull(),
    /** The name as compared: NFC, inner space collapsed, lower case. */
    nameKey: text().notNull(),
    format: text().notNull(),
    /** Kept as the format is: `json`, or `form` where the format offers it. */
    encoding: text().$type<Encoding>().notNull().default('json'),
    /** Listens to every source, those to come included; else to its rows of webhook_sources. */
    allSources: boolean().notNull().default(true),
    enabled: boolean().notNull().default(true),
    /** Why we turned it off: it answered 410, or failed for five days. Null: a person did, or it is on. */
    turnedOff: text({ enum: ['gone', 'failing'] }),
    /** The version in force, a row of webhook_versions. */
    version: integer().notNull(),
    createdAt: createdAt(),
    deletedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.id] }),
    unique().on(t.accountId, t.number),
    uniqueIndex('webhooks_name').on(t.accountId, t.nameKey).where(sql`deleted_at is null`),
  ],
)

/** What a notice says beside its kind: the name at that moment, and why. */
export type NoticeDetail = {
  name?: string
  since?: string
  reason?: 'gone' | 'failing'
  exhausted?: number
  /** Ids of the people whom the mail has reached, or never will. */
  told?: string[]
}

/** A sealed value of a custom header. */
export type SealedHeader = { name: string; sealed: string }

/** Append-only: what deliveries, calls and decisions name, so that history keeps the name and URL it had. */
export const webhookVersions = pgTable(
  'webhook_versions',
  {
    accountId: accountId(),
    webhookId: uuid().notNull(),
    version: integer().notNull(),
    name: text().notNull(),
    url: text().notNull(),
    rule: jsonb().$type<Rule>().notNull(),
    authentication: text().$type<Authentication>().notNull(),
    basicUser: text(),
    sealedBasicPassword: text(),
    headers: jsonb().$type<SealedHeader[]>().notNull().default([]),
    retries: smallint().notNull(),
    timeoutSeconds: smallint().notNull(),
    /** Calls a minute at most; null: no limit. */
    ratePerMinute: integer(),
    createdAt: createdAt(),
    createdBy: text(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.webhookId, t.version] }),
    foreignKey({ columns: [t.accountId, t.webhookId], foreignColumns: [webhooks.accountId, webhooks.id] }),
  ],
)

/**
 * What holds a webhook's calls back: its rate limit, a pause it asked for, failures. Written on a failure and on the
 * first success after one, never on plain success; a webhook without a row, or with nothing set in it, is called freely.
 */
export const webhookHealth = pgTable(
  'webhook_health',
  {
    accountId: accountId(),
    webhookId: uuid().notNull(),
    /** The rate limit of the version in force. */
    perMinute: integer(),
    /** The earliest regular time of the next call under the limit. */
    nextAt: moment(),
    /** Until when it asked for no calls (Retry-After). */
    pausedUntil: moment(),
    /** Failed calls since the last 2xx, and when the first of them was. */
    failures: integer().notNull().default(0),
    failingSince: moment(),
    /** `probing`: one call now and then finds out whether it is well; `ramping`: it is, and what waited comes back. */
    state: text({ enum: ['healthy', 'probing', 'ramping'] })
      .notNull()
      .default('healthy'),
    probes: smallint().notNull().default(0),
    probeAt: moment(),
    /** How many rows the next step of the ramp makes due. */
    ramp: integer().notNull().default(0),
    toldFailing: boolean().notNull().default(false),
    toldExhausted: boolean().notNull().default(false),
    toldTurningOff: boolean().notNull().default(false),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.webhookId] }),
    foreignKey({ columns: [t.accountId, t.webhookId], foreignColumns: [webhooks.accountId, webhooks.id] }),
  ],
)

/** What owner and admins are told of a webhook's health: in the app, and by e-mail when the operator set SMTP up. */
export const notices = pgTable(
  'notices',
  {
    accountId: accountId(),
    id: uuid().notNull(),
    webhookId: uuid().notNull(),
    kind: text({ enum: ['failing', 'exhausted', 'turning-off', 'turned-off', 'well'] }).notNull(),
    at: createdAt(),
    detail: jsonb().$type<NoticeDetail>().notNull().default({}),
    dismissedAt: moment(),
    /** When the mail is to be tried next; null: it is sent, or none is to be. */
    mailAt: moment(),
    mailTries: smallint().notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.id] }),
    foreignKey({ columns: [t.accountId, t.webhookId], foreignColumns: [webhooks.accountId, webhooks.id] }),
    index('notices_to_mail').on(t.mailAt).where(sql`mail_at is not null`),
  ],
)

export const webhookSecrets = pgTable(
  'webhook_secrets',
  {
    accountId: accountId(),
    webhookId: uuid().notNull(),
    version: integer().notNull(),
    sealed: text().notNull(),
    createdAt: createdAt(),
    /** From when it signs: later than its making where a format can carry one signature only. */
    signsFrom: moment().notNull().default(sql`hub_now()`),
    /** Until when it still signs beside a newer one; null: the newest. */
    expiresAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.webhookId, t.version] }),
    foreignKey({ columns: [t.accountId, t.webhookId], foreignColumns: [webhooks.accountId, webhooks.id] }),
  ],
)

// --- what comes in ----------------------------------------------------------------------------------------------

export const sources = pgTable(
  'sources',
  {
    accountId: accountId(),
    id: uuid().notNull(),
    key: text().notNull(),
    name: text().notNull(),
    kind: text({ enum: ['email', 'embedded', 'web_survey', 'whatsapp_flow', 'review_page'] }).notNull(),
    /** For formats whose ids are integers. */
    number: bigint({ mode: 'number' }).notNull().generatedByDefaultAsIdentity(),
    vendorIds: jsonb().$type<VendorIds>().notNull().default({}),
    createdAt: createdAt(),
    archivedAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.id] }), unique().on(t.accountId, t.key)],
)

/** The sources a webhook is linked to; only read while it does not listen to all. */
export const webhookSources = pgTable(
  'webhook_sources',
  {
    accountId: accountId(),
    webhookId: uuid().notNull(),
    sourceId: uuid().notNull(),
    /** Linked after a test fire that passed; a source's own settings and the API link without. */
    tested: boolean().notNull(),
    createdAt: createdAt(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.webhookId, t.sourceId] }),
    foreignKey({ columns: [t.accountId, t.webhookId], foreignColumns: [webhooks.accountId, webhooks.id] }),
    foreignKey({ columns: [t.accountId, t.sourceId], foreignColumns: [sources.accountId, sources.id] }),
    index('webhook_sources_of_source').on(t.accountId, t.sourceId),
  ],
)

/** Test fires that were answered 2xx: a keyed hash of URL, format, credentials and secret. They open linking. */
export const testPasses = pgTable(
  'test_passes',
  { accountId: accountId(), hash: bytea().notNull(), passedAt: createdAt() },
  (t) => [primaryKey({ columns: [t.accountId, t.hash] })],
)

/** The current version of each feedback. A deleted one stays as an empty tombstone. */
export const feedback = pgTable(
  'feedback',
  {
    accountId: accountId(),
    /** Random (v4): it is public, the payload carries it. */
    id: uuid().notNull(),
    /** The platform's id. */
    externalId: text().notNull(),
    /** For formats whose ids are integers. */
    number: bigint({ mode: 'number' }).notNull().generatedByDefaultAsIdentity(),
    sourceId: uuid(),
    version: integer().notNull().default(0),
    /** The whole feedback as JSON, or '' when deleted. Text: nothing is queried inside it. */
    data: text().notNull().default(''),
    serviceRating: smallint(),
    productRatings: smallint().array(),
    npsScore: smallint(),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
    deletedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.id] }),
    unique().on(t.accountId, t.externalId),
    index('feedback_newest').on(t.accountId, t.createdAt, t.id),
  ],
)

/** Idempotency keys. Not partitioned: uniqueness has to hold over days. Deleted when the event's day goes. */
export const ingestKeys = pgTable(
  'ingest_keys',
  { accountId: uuid().notNull(), key: text().notNull(), eventId: uuid().notNull(), hash: bytea().notNull() },
  (t) => [primaryKey({ columns: [t.accountId, t.key] }), index().on(t.eventId)],
)
