import { sql } from 'drizzle-orm'
import { bigint, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, moment } from './columns'
import { accountId } from './schema'

/** Erasures: requests to erase a customer, which drainers count and work off step by step (lib/erasure/run-erasures.ts). */
export const erasures = pgTable(
  'erasures',
  {
    accountId: accountId(),
    id: uuid().notNull(),
    /** What names the customer: an e-mail address, the id that the platform gave the customer, or a feedback's id. */
    by: text({ enum: ['email', 'external-id', 'feedback-id'] }).notNull(),
    /** That address or id, sealed; null once the erasure has ended. */
    sealedValue: text(),
    /** `counted`: waits for a person to confirm it. `withdrawn`: nothing was erased. */
    state: text({ enum: ['counting', 'counted', 'erasing', 'done', 'withdrawn'] }).notNull(),
    /** What the running state goes through now; null: it does not run. */
    phase: text({ enum: ['feedback', 'events', 'messages', 'bodies', 'queued', 'deliveries'] }),
    /** The last row of the phase that was worked off; null: it has not begun. */
    cursor: uuid(),
    /** The phase reads rows whose ids are older than this. */
    until: moment().notNull().default(sql`hub_now()`),
    /** The phase begins when every transaction up to this one has ended, so that no row appears behind its cursor. */
    barrier: bigint({ mode: 'number' }).notNull().default(sql`pg_current_xact_id()::text::bigint`),
    /** What was found under the address or id. */
    feedback: integer().notNull().default(0),
    declines: integer().notNull().default(0),
    messages: integer().notNull().default(0),
    events: integer().notNull().default(0),
    /** What was overwritten or cancelled. */
    deliveries: integer().notNull().default(0),
    calls: integer().notNull().default(0),
    cancelled: integer().notNull().default(0),
    /** Null: the operator's shell or an API key. */
    startedBy: text(),
    createdAt: createdAt(),
    /** When the next step is due; of a counted one, when it is withdrawn unless somebody has confirmed it. */
    nextAt: moment().notNull().default(sql`hub_now()`),
    finishedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.id] }),
    index('erasures_running').on(t.nextAt).where(sql`state in ('counting', 'counted', 'erasing')`),
  ],
)

/** What was found of the customer of an erasure that has not ended: platform's ids of feedback, declines and messages. */
export const erasureSubjects = pgTable(
  'erasure_subjects',
  {
    accountId: accountId(),
    erasureId: uuid().notNull(),
    kind: text({ enum: ['feedback', 'decline', 'message'] }).notNull(),
    /** The subject_id of its events. */
    subjectId: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.erasureId, t.kind, t.subjectId] })],
)
