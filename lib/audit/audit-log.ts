import { and, asc, desc, eq, gt, gte, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { fetchPage, type Page, type PageCursor, type PageRange } from '../db/fetch-page'
import { users } from '../db/people-schema'
import { audit } from '../db/schema'
import type { AuditFilter } from './audit-filter'

/** One change: who made it, when, from where, of what. */
export type AuditEntry = {
  id: string
  at: Date
  /** The e-mail address of the person, or the API key; null: the hub itself or the operator's shell. */
  who: string | null
  address: string | null
  action: string
  subject: string
  detail: Record<string, unknown>
}

const pageSize = 50

export type AuditPage = Page<AuditEntry, string>

/** One page of an account's audit log, newest first. Its cursors are the entries' ids. */
export function readAuditLog(
  db: Queryable,
  accountId: string,
  { filter, cursor, size = pageSize }: { filter: AuditFilter; cursor?: PageCursor<string>; size?: number },
): Promise<AuditPage> {
  return fetchPage(
    cursor,
    size,
    ({ id }) => id,
    async (range) => ({ rows: await listEntries(db, accountId, filter, range) }),
  )
}

/** All entries of the filter in pages of 500, newest first, read one after the other. */
export async function* readWholeLog(db: Queryable, accountId: string, filter: AuditFilter) {
  for (let from: string | undefined; ; ) {
    const rows = await listEntries(db, accountId, filter, { from, backward: false, limit: 500 })
    yield rows
    if (rows.length < 500) return
    from = rows.at(-1)?.id
  }
}

/** The people who appear in an account's audit log, by address. */
export function listActors(db: Queryable, accountId: string): Promise<{ id: string; email: string }[]> {
  return db
    .select({ id: users.id, email: users.email })
    .from(users)
    .where(
      sql`exists (select 1 from ${audit} where ${audit.accountId} = ${accountId} and ${audit.userId} = ${users.id})`,
    )
    .orderBy(asc(users.email))
    .limit(200)
}

function byActor(who: AuditFilter['who']) {
  if (who === 'hub') return and(isNull(audit.userId), isNull(audit.apiKey))
  if (who === 'keys') return isNotNull(audit.apiKey)
  return who ? eq(audit.userId, who) : undefined
}

/** `||` gives null where there is no key. */
const actor = sql<string | null>`coalesce(${users.email},
  case ${audit.apiKey} when 'operator' then 'The operator’s key' else 'API key ' || ${audit.apiKey} end)`

function listEntries(
  db: Queryable,
  accountId: string,
  { about, who, from: firstDay, to: lastDay }: AuditFilter,
  { from, backward, limit }: PageRange<string>,
): Promise<AuditEntry[]> {
  const dayStart = (day: string) => sql`${day}::timestamp at time zone 'UTC'`
  return db
    .select({
      id: audit.id,
      at: audit.at,
      who: actor,
      address: audit.address,
      action: audit.action,
      subject: audit.subject,
      detail: audit.detail,
    })
    .from(audit)
    .leftJoin(users, eq(users.id, audit.userId))
    .where(
      and(
        eq(audit.accountId, accountId),
        from === undefined ? undefined : (backward ? gt : lt)(audit.id, from),
        about ? sql`${audit.action} ^@ ${`${about}.`}` : undefined,
        byActor(who),
        firstDay ? gte(audit.at, dayStart(firstDay)) : undefined,
        lastDay ? lt(audit.at, sql`${dayStart(lastDay)} + interval '1 day'`) : undefined,
      ),
    )
    .orderBy(backward ? asc(audit.id) : desc(audit.id))
    .limit(limit)
}
