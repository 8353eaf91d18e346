import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
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
import type { AccountLimits, Metadata } from '../accounts/account-limits'
import type { ApiScope } from '../accounts/api-key-schema'
import type { EventFilter } from '../events/event-filter'
import type { VendorIds } from '../events/event-record'
import type { Encoding } from '../formats/format'

import { type TurnOffReason, turnOffReasons } from '../pipeline/health/health'
import type { OnlyIf } from '../webhooks/only-if-schema'
import type { Authentication, Rule, Success } from '../webhooks/webhook-schema'

import { bytea, createdAt, moment } from './columns'

// Configuration and current feedback. people-schema.ts has the people. history-schema.ts has the append-only tables (events,
// payloads, deliveries, calls, outcomes) and the queue, whose DDL is hand-written SQL.

/** The account of a row. Every table with rows of accounts has it. */
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
  /** Raised by every change of configuration that ingest or a drainer reads. */
  configVersion: bigint({ mode: 'number' }).notNull().default(1),
  /** The pre-shared key in force, or null. */
  preSharedKeyVersion: integer(),
  nextWebhookNumber: integer().notNull().default(1),
  /** The merchant's ids at Wootric and Rateup. They are sent in place of the hub's own, so that receivers recognise them. */
  wootricToken: text(),
  teamId: text(),
  /** Members without two-factor sign-in see nothing of the account until they have set it up. */
  demandsTwoFactor: boolean().notNull().default(false),
  /** While set, nobody opens the account and its API keys are refused. What is queued is still delivered. */
  suspendedAt: moment(),
  /** Who gets notices by mail. Empty: every owner and admin. */
  noticeAddresses: text().array().notNull().default([]),
  /** The platform's own id of the account. */
  externalId: text().unique('accounts_external_id'),
  /** What the platform keeps with the account. The hub does not read it. */
  metadata: jsonb().$type<Metadata>().notNull().default({}),
  /** Set by the operator. */
  limits: jsonb().$type<AccountLimits>().notNull().default({}),
  /** When the first steps were finished or hidden. Null: WebHooks shows them. */
  firstStepsEndedAt: moment(),
  createdAt: createdAt(),
})

// --- keys and audit ---------------------------------------------------------------------------------------------

export const apiKeys = pgTable(
  'api_keys',
  {
    accountId: accountId(),
    id: uuid().notNull(),
    name: text().notNull(),
    /** The public start of the key, by which it is found and people tell keys apart. */
    prefix: text().notNull(),
    /** SHA-256 of the whole key. */
    hash: bytea().notNull().unique(),
    scopes: text().array().$type<ApiScope[]>().notNull(),
    createdAt: createdAt(),
    /** The events a second that each process accepts with it; null: no limit. */
    eventsPerSecond: integer(),
    /** Written at most hourly, with the client address. */
    lastUsedAt: moment(),
    lastUsedFrom: text(),
    /** From when it is refused; null: no end. */
    expiresAt: moment(),
    revokedAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.id] }), index().on(t.prefix)],
)

/** Answers of the API to requests with an Idempotency-Key, kept for 24 hours. */
export const idempotentAnswers = pgTable(
  'idempotent_answers',
  {
    accountId: accountId(),
    key: text().notNull(),
    /** SHA-256 of the request: who sent it, its method, its address and its body. */
    hash: bytea().notNull(),
    /** Null while the first request is being answered. */
    status: smallint(),
    /** The body, sealed, because it may have a secret. */
    sealed: text(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.key] }), index().on(t.createdAt)],
)

/** Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE. */
export const audit = pgTable(
  'audit',
  {
    accountId: accountId(),
    id: uuid().notNull(),
    at: createdAt(),
    /** The person, or null for an API key, for the hub itself and for a command on the operator's shell. */
    userId: text(),
    /** The public part of the API key that made the change, or `operator` for the operator's key. */
    apiKey: text(),
    /** The client address of the person's request. */
    address: text(),
    action: text().notNull(),
    subject: text().notNull(),
    detail: jsonb().$type<Record<string, unknown>>().notNull().default({}),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.id] }),
    index().on(t.accountId, t.userId, t.id),
    index().on(t.accountId, t.action, t.id),
  ],
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
    /** Short and stable within the account. Decisions name webhooks by it. */
    number: integer().notNull(),
    /** The name as compared: NFC, inner space collapsed, lower case. */
    nameKey: text().notNull(),
    format: text().notNull(),
    /** Fixed, like the format: `json`, or `form` where the format offers it. */
    encoding: text().$type<Encoding>().notNull().default('json'),
    /** True: it listens to every source, new ones included. False: only to its rows of webhook_sources. */
    allSources: boolean().notNull().default(true),
    enabled: boolean().notNull().default(true),
    /**
     * Why the hub turned it off: it answered 410, asked for it (`webhook-delivery: disable`), or failed for five days. Null:
     * it is on, or a person switched it off.
     */
    turnedOff: text({ enum: turnOffReasons }),
    /** When it was last switched on or off, or turned off; null: it is on since it was registered. */
    switchedAt: moment(),
    /** Since when a person holds it; null: nobody does. */
    heldAt: moment(),
    /** When the hold ends by itself; null: when a person releases it. */
    heldUntil: moment(),
    /**
     * Its calls are made by a machine that takes them from the hub (lib/relays). It is held, so that no drainer calls it, and
     * deleted when its hold ends: that is when the machine was not heard of.
     */
    relay: boolean().notNull().default(false),
    /** The notice that it has been held for a week is written. */
    toldHeld: boolean().notNull().default(false),
    /** The version in force, a row of webhook_versions. */
    version: integer().notNull(),
    /** The platform's own id of the webhook. */
    externalId: text(),
    /** What the platform keeps with the webhook. The hub does not read it. */
    metadata: jsonb().$type<Metadata>().notNull().default({}),
    createdAt: createdAt(),
    deletedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.id] }),
    unique().on(t.accountId, t.number),
    uniqueIndex('webhooks_name').on(t.accountId, t.nameKey).where(sql`deleted_at is null`),
    uniqueIndex('webhooks_external_id').on(t.accountId, t.externalId).where(sql`deleted_at is null`),
    // The few webhooks whose holds the upkeep looks at every second.
    index('webhooks_held').on(t.heldAt).where(sql`held_at is not null`),
  ],
)

/** The content of a notice beside its kind: the webhook's name at that moment, and the reason. */
export type NoticeDetail = {
  name?: string
  since?: string
  reason?: TurnOffReason
  exhausted?: number
  /** Who got the mail, or whose address refused it for good: ids of people, or addresses that the account has set. */
  told?: string[]
}

/** A sealed value of a custom header. */
export type SealedHeader = { name: string; sealed: string }

/** Append-only. Deliveries, calls and decisions name a version, so that history keeps the name and URL of its time. */
export const webhookVersions = pgTable(
  'webhook_versions',
  {
    accountId: accountId(),
    webhookId: uuid().notNull(),
    version: integer().notNull(),
    name: text().notNull(),
    url: text().notNull(),
    rule: jsonb().$type<Rule>().notNull(),
    /** Further conditions of the rule, all of which must hold. */
    onlyIf: jsonb().$type<OnlyIf[]>().notNull().default([]),
    /**
     * The value of an own header is the sealed Authorization in `headers`. Beside an account key or Basic, which take its
     * place, such a header dates from version 0.1.0.
     */
    authentication: text().$type<Authentication>().notNull(),
    basicUser: text(),
    sealedBasicPassword: text(),
    headers: jsonb().$type<SealedHeader[]>().notNull().default([]),
    retries: smallint().notNull(),
    timeoutSeconds: smallint().notNull(),
    /** Which answers are a success. */
    success: text().$type<Success>().notNull().default('2xx'),
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
 * Webhook health: the rate limit of a webhook, the pause that its receiver asked for, and its failures. Written at a failed
 * call and at the first 2xx after one, and not at other 2xx. A webhook without a row, or with nothing set in it, is called
 * without restriction.
 */
export const webhookHealth = pgTable(
  'webhook_health',
  {
    accountId: accountId(),
    webhookId: uuid().notNull(),
    /** The rate limit of the version in force. */
    perMinute: integer(),
    /** When the limit permits the next call, at an even rate. */
    nextAt: moment(),
    /** The end of the pause that its receiver asked for (Retry-After). */
    pausedUntil: moment(),
    /** Failed calls since the last 2xx, and when the first of them was. */
    failures: integer().notNull().default(0),
    failingSince: moment(),
    /** `probing`: only probes are called, to see whether the receiver has recovered. `ramping`: waiting rows become due. */
    state: text({ enum: ['healthy', 'probing', 'ramping'] })
      .notNull()
      .default('healthy'),
    probes: smallint().notNull().default(0),
    probeAt: moment(),
    /** The number of rows that the next step of the ramp makes due. */
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

/** Notices about a webhook's health to owner and admins: in the app, and by mail when the operator has set up SMTP. */
export const notices = pgTable(
  'notices',
  {
    accountId: accountId(),
    id: uuid().notNull(),
    webhookId: uuid().notNull(),
    kind: text({
      enum: ['failing', 'exhausted', 'turning-off', 'turned-off', 'well', 'held', 'own-header-unused'],
    }).notNull(),
    at: createdAt(),
    detail: jsonb().$type<NoticeDetail>().notNull().default({}),
    dismissedAt: moment(),
    /** When the mail is tried next; null: it is sent, or there is none to send. */
    mailAt: moment(),
    mailTries: smallint().notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.id] }),
    foreignKey({ columns: [t.accountId, t.webhookId], foreignColumns: [webhooks.accountId, webhooks.id] }),
    index('notices_to_mail').on(t.mailAt).where(sql`mail_at is not null`),
  ],
)

/** Recovery jobs: deliveries of one webhook and one time range that drainers queue step by step (lib/recovery/run-jobs.ts). */
export const recoveryJobs = pgTable(
  'recovery_jobs',
  {
    accountId: accountId(),
    id: uuid().notNull(),
    webhookId: uuid().notNull(),
    /** `failed`: exhausted deliveries. `missed`: events that made no delivery. `replay`: new deliveries of chosen events. */
    kind: text({ enum: ['failed', 'missed', 'replay'] }).notNull(),
    /** The range of the events' times. */
    since: moment().notNull(),
    until: moment().notNull(),
    /** Of `replay`: which events. */
    filter: jsonb().$type<EventFilter>().notNull().default({}),
    state: text({ enum: ['running', 'paused', 'done', 'cancelled'] })
      .notNull()
      .default('running'),
    /** Why the hub paused or cancelled it; null: a person did. */
    reason: text({ enum: ['off', 'deleted'] }),
    /** Deliveries a minute; null: as fast as the endpoint takes them. */
    perMinute: integer(),
    /** How many deliveries it was expected to queue when it was started; null: not counted. */
    expected: integer(),
    /** The last delivery (`failed`) or event it has worked off; null: it has not begun. */
    cursor: uuid(),
    queued: integer().notNull().default(0),
    /** What it found and could not send: the payload is gone, the customer was erased, the format sends nothing. */
    leftOut: integer().notNull().default(0),
    startedBy: text(),
    createdAt: createdAt(),
    /** When the next step is due. */
    nextAt: moment().notNull().default(sql`hub_now()`),
    finishedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.id] }),
    foreignKey({ columns: [t.accountId, t.webhookId], foreignColumns: [webhooks.accountId, webhooks.id] }),
    index('recovery_jobs_running').on(t.nextAt).where(sql`state = 'running'`),
  ],
)

/**
 * Deliveries that were made after their event was accepted, by recovery of what was missed or by replay. Deleted with the
 * partition of their event.
 */
export const lateDeliveries = pgTable(
  'late_deliveries',
  {
    accountId: accountId(),
    eventId: uuid().notNull(),
    webhookId: uuid().notNull(),
    deliveryId: uuid().notNull(),
    kind: text({ enum: ['missed', 'replay'] }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.eventId, t.deliveryId] }),
    // A missed event is recovered once for each webhook, however many jobs and drainers try.
    uniqueIndex('late_deliveries_missed').on(t.accountId, t.webhookId, t.eventId).where(sql`kind = 'missed'`),
    index().on(t.eventId),
  ],
)

/** Calls of a webhook that began in the same 5 minutes, counted by upkeep. Test fires are left out. */
export const callRollups = pgTable(
  'call_rollups',
  {
    accountId: accountId(),
    webhookId: uuid().notNull(),
    /** When the 5 minutes began. */
    startedAt: moment().notNull(),
    /** Answered 2xx. */
    delivered: integer().notNull().default(0),
    /** Answered 3xx or 4xx. */
    rejected: integer().notNull().default(0),
    /** Answered 5xx, or with another status. */
    erred: integer().notNull().default(0),
    /** No answer: timed out, refused, not HTTP, … */
    unanswered: integer().notNull().default(0),
    /** Calls by duration, 24 buckets (lib/charts/duration-buckets.ts). */
    durations: integer().array().notNull().default([]),
    /** The most deliveries that waited at one of the window's samples. */
    waiting: integer().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.webhookId, t.startedAt] }), index().on(t.startedAt)],
)

/** How far periodic work has come. */
export const upkeepProgress = pgTable('upkeep_progress', { task: text().primaryKey(), doneUntil: moment().notNull() })

export const webhookSecrets = pgTable(
  'webhook_secrets',
  {
    accountId: accountId(),
    webhookId: uuid().notNull(),
    version: integer().notNull(),
    sealed: text().notNull(),
    createdAt: createdAt(),
    /** When it starts to sign. Later than `createdAt` when the format carries only one signature. */
    signsFrom: moment().notNull().default(sql`hub_now()`),
    /** When it stops to sign beside a newer one; null: it is the newest. */
    expiresAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.webhookId, t.version] }),
    foreignKey({ columns: [t.accountId, t.webhookId], foreignColumns: [webhooks.accountId, webhooks.id] }),
  ],
)

// --- sources and feedback ---------------------------------------------------------------------------------------

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

/** The sources that a webhook is linked to. Read only while it does not listen to all. */
export const webhookSources = pgTable(
  'webhook_sources',
  {
    accountId: accountId(),
    webhookId: uuid().notNull(),
    sourceId: uuid().notNull(),
    /** True: linked after a test fire that passed. A source's own settings and the API need no test fire. */
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

/** Test fires that were answered 2xx, as a keyed hash of URL, format, credentials and secret. Linking sources needs one. */
export const testPasses = pgTable(
  'test_passes',
  { accountId: accountId(), hash: bytea().notNull(), passedAt: createdAt() },
  (t) => [primaryKey({ columns: [t.accountId, t.hash] })],
)

/** The current version of each feedback. A deleted one remains as an empty row. */
/** A link to the read-only page of one call, for somebody without a sign-in. */
export const callLinks = pgTable(
  'call_links',
  {
    accountId: accountId(),
    id: uuid().notNull(),
    callId: uuid().notNull(),
    /** SHA-256 of the token in the link. */
    hash: bytea().notNull().unique(),
    /** The page shows personal data. */
    personal: boolean().notNull(),
    createdBy: text(),
    createdAt: createdAt(),
    expiresAt: moment().notNull(),
    revokedAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.id] }), index().on(t.accountId, t.callId)],
)

export const feedback = pgTable(
  'feedback',
  {
    accountId: accountId(),
    /** Random (v4), because payloads carry it to receivers. */
    id: uuid().notNull(),
    /** The platform's id. */
    externalId: text().notNull(),
    /** For formats whose ids are integers. */
    number: bigint({ mode: 'number' }).notNull().generatedByDefaultAsIdentity(),
    sourceId: uuid(),
    version: integer().notNull().default(0),
    /** The whole feedback as JSON, or '' when deleted. It is text, because queries seldom look inside. */
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

/** Idempotency keys. Not partitioned, because a key is unique over days. Deleted with the partition of its event. */
export const ingestKeys = pgTable(
  'ingest_keys',
  { accountId: uuid().notNull(), key: text().notNull(), eventId: uuid().notNull(), hash: bytea().notNull() },
  (t) => [primaryKey({ columns: [t.accountId, t.key] }), index().on(t.eventId)],
)
