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
    enabled: boolean().notNull().default(true),
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
    createdAt: createdAt(),
    createdBy: text(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.webhookId, t.version] }),
    foreignKey({ columns: [t.accountId, t.webhookId], foreignColumns: [webhooks.accountId, webhooks.id] }),
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
    /** Until when it still signs beside a newer one; null: the one in force. */
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
    createdAt: createdAt(),
    archivedAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.id] }), unique().on(t.accountId, t.key)],
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
    sourceId: uuid(),
    /** 0: a placeholder inside the transaction that is taking it in. */
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
