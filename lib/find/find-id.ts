import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Queryable } from '../db/client'
import { calls, deliveries, events } from '../db/history-schema'
import { feedback, sources, webhooks } from '../db/schema'
import { eventIdOfKey, eventIdsOfSubject } from '../events/subject-events'
import { isStorable } from '../plain-text'
import { type FoundKind, foundKinds, recognise } from './recognise-id'

/** What an id names. `subject`: a declined survey or a message, which have no page but their events. */
export type Found = { kind: FoundKind; id: string } | { kind: 'subject'; subject: string }

/**
 * Everything in the account that a pasted id names: mostly one thing, but a platform may give a feedback and an event the
 * same id. Each place is looked up by an index, so the answer is whole.
 */
export async function findId(db: Queryable, accountId: string, pasted: string): Promise<Found[]> {
  const named = recognise(pasted)
  if (!named) return []
  if (named.of === 'platform') return findPlatformId(db, accountId, named.text)
  const kinds = named.of === 'hub' ? [named.kind] : foundKinds
  const known = await Promise.all(kinds.map((kind) => isKnown(db, accountId, kind, named.id)))
  return kinds.filter((_, i) => known[i]).map((kind) => ({ kind, id: named.id }))
}

async function findPlatformId(db: Queryable, accountId: string, text: string): Promise<Found[]> {
  if (!isStorable(text)) return []
  const [[ofFeedback], eventId, ofSubject] = await Promise.all([
    db
      .select({ id: feedback.id })
      .from(feedback)
      .where(and(eq(feedback.accountId, accountId), eq(feedback.externalId, text))),
    eventIdOfKey(db, accountId, text),
    eventIdsOfSubject(db, accountId, text, { atMost: 1 }),
  ])
  const found: Found[] = []
  if (ofFeedback) found.push({ kind: 'feedback', id: ofFeedback.id })
  else if (ofSubject === undefined || ofSubject.length > 0) found.push({ kind: 'subject', subject: text })
  if (eventId && (await isKnown(db, accountId, 'event', eventId))) found.push({ kind: 'event', id: eventId })
  return found
}

const places: Record<FoundKind, { accountId: PgColumn; id: PgColumn; table: SQL }> = {
  event: { ...events, table: sql`${events}` },
  delivery: { ...deliveries, table: sql`${deliveries}` },
  call: { ...calls, table: sql`${calls}` },
  webhook: { ...webhooks, table: sql`${webhooks}` },
  feedback: { ...feedback, table: sql`${feedback}` },
  source: { ...sources, table: sql`${sources}` },
}

async function isKnown(db: Queryable, accountId: string, kind: FoundKind, id: string): Promise<boolean> {
  const { table, ...column } = places[kind]
  const open = kind === 'webhook' ? sql`and ${webhooks.deletedAt} is null` : sql``
  const { rows } = await db.execute(
    sql`select 1 from ${table} where ${column.accountId} = ${accountId} and ${column.id} = ${id} ${open}`,
  )
  return rows.length > 0
}
