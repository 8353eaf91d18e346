import { and, desc, eq, getTableColumns, inArray, lt, type SQL, sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import type { Database, Queryable } from '../db/client'
import { erasureSubjects, erasures } from '../db/erasure-schema'
import { newId, timeOfId } from '../db/ids'
import { env } from '../env'
import { done, type FormResult, missing, refused } from '../form-result'
import { sameText } from '../secrets/same-text'
import { seal, unseal } from '../secrets/seal'
import { showId } from '../type-id'
import type { ErasureInput } from './erasure-schema'
import { erasureValuePlace } from './erasure-value'

// Erasures: requests to erase a customer. A person's is counted first and waits for a confirmation; an operator's or a
// program's is confirmed from the start. run-erasures.ts works them off.

const listedAtMost = 20

/** All but the sealed address or id, which no list reads. */
const { sealedValue: _, ...columns } = getTableColumns(erasures)
type Row = Omit<typeof erasures.$inferSelect, 'sealedValue'>
export type ErasureState = Row['state']
export type ErasurePhase = NonNullable<Row['phase']>

/** An erasure as it is shown. It does not say whom it is about. Times are Unix milliseconds. */
export type ShownErasure = Pick<Row, 'id' | 'by' | 'state'> & {
  /** What was found under the address or id. `events`: those of all that was found. */
  found: { feedback: number; declines: number; messages: number; events: number }
  /** What was overwritten or cancelled so far. */
  erased: { deliveries: number; calls: number; cancelled: number }
  /** How far the running state is, in whole percent. */
  progress: number
  createdAt: number
  finishedAt: number | null
}

/** How the audit log names an erasure: the request, never the person. */
export const erasureSubject = (erasureId: string): string => `erasure ${showId('erasure', erasureId)}`

/**
 * Starts an erasure of the account and returns its id. `confirmed`: it erases at once; otherwise it counts and waits a day
 * for `confirmErasure`. `userId`: who asked; null for the operator's shell and for an API key.
 */
export async function startErasure(
  db: Database,
  accountId: string,
  userId: string | null,
  { by, value }: ErasureInput,
  { confirmed }: { confirmed: boolean },
): Promise<string> {
  const id = newId()
  await db.transaction(async (tx) => {
    await tx.insert(erasures).values({
      accountId,
      id,
      by,
      sealedValue: seal(value, erasureValuePlace(accountId, id)),
      state: confirmed ? 'erasing' : 'counting',
      phase: 'feedback',
      startedBy: userId,
    })
    await recordAudit(tx, accountId, userId, confirmed ? 'erasure.started' : 'erasure.counted', erasureSubject(id), {
      by,
    })
  })
  return id
}

/** Begins to erase what was counted, once the person has typed the address or id again. */
export async function confirmErasure(
  db: Database,
  accountId: string,
  userId: string,
  erasureId: string,
  typed: string,
): Promise<FormResult> {
  return db.transaction(async (tx) => {
    const [found] = await tx
      .select({ by: erasures.by, sealed: erasures.sealedValue })
      .from(erasures)
      .where(and(own(accountId, erasureId), eq(erasures.state, 'counted')))
      .for('update')
    if (!found?.sealed) return missing('It was confirmed or withdrawn in the meantime.')
    const value = unseal(found.sealed, erasureValuePlace(accountId, erasureId)).reveal()
    if (
      !sameText(found.by === 'email' ? typed.toLowerCase() : typed, found.by === 'email' ? value.toLowerCase() : value)
    )
      return refused('This is not what was counted. Type the same address or id.', 'typed')
    // It is found anew: more may have come in since it was counted.
    await forgetSubjects(tx, accountId, erasureId)
    await tx.execute(sql`update erasures set state = 'erasing', events = 0, ${beginning('feedback')}
      where account_id = ${accountId} and id = ${erasureId}`)
    await recordAudit(tx, accountId, userId, 'erasure.confirmed', erasureSubject(erasureId), { by: found.by })
    return done(undefined)
  })
}

/** Gives up an erasure that has not begun to erase. `userId` null: nobody confirmed it for a day. */
export async function withdrawErasure(
  db: Database,
  accountId: string,
  userId: string | null,
  erasureId: string,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const { rowCount } = await tx
      .update(erasures)
      .set({ state: 'withdrawn', phase: null, sealedValue: null, finishedAt: sql`hub_now()` })
      .where(and(own(accountId, erasureId), inArray(erasures.state, ['counting', 'counted'])))
    if (rowCount === 0) return false
    await forgetSubjects(tx, accountId, erasureId)
    await recordAudit(tx, accountId, userId, 'erasure.withdrawn', erasureSubject(erasureId))
    return true
  })
}

/** The latest erasures of the account, newest first: 20 of them, or `limit` older than the erasure `after`. */
export async function listErasures(
  db: Queryable,
  accountId: string,
  { after, limit = listedAtMost }: { after?: string; limit?: number } = {},
): Promise<ShownErasure[]> {
  const rows = await db
    .select(columns)
    .from(erasures)
    .where(and(eq(erasures.accountId, accountId), after ? lt(erasures.id, after) : undefined))
    .orderBy(desc(erasures.id))
    .limit(limit)
  return rows.map(shown)
}

/** One erasure; undefined when the account has no such. */
export async function readErasure(
  db: Queryable,
  accountId: string,
  erasureId: string,
): Promise<ShownErasure | undefined> {
  const [row] = await db.select(columns).from(erasures).where(own(accountId, erasureId))
  return row && shown(row)
}

/**
 * SQL: the columns of an erasure that goes on with this phase, which reads what is there when it begins. Ids are made by the
 * clocks of many processes.
 */
export const beginning = (phase: ErasurePhase): SQL => sql`phase = ${phase}, cursor = null,
  until = hub_now() + interval '1 s', barrier = pg_current_xact_id()::text::bigint, next_at = hub_now()`

export const forgetSubjects = (db: Queryable, accountId: string, erasureId: string) =>
  db
    .delete(erasureSubjects)
    .where(and(eq(erasureSubjects.accountId, accountId), eq(erasureSubjects.erasureId, erasureId)))

const own = (accountId: string, erasureId: string) => and(eq(erasures.accountId, accountId), eq(erasures.id, erasureId))

const counting: ErasurePhase[] = ['feedback', 'events', 'messages', 'bodies']
const erasing: ErasurePhase[] = [...counting, 'queued', 'deliveries']

/** The phase that follows; null: there is none. */
export function phaseAfter(state: ErasureState, phase: ErasurePhase): ErasurePhase | null {
  const phases = state === 'erasing' ? erasing : counting
  return phases[phases.indexOf(phase) + 1] ?? null
}

function shown(row: Row): ShownErasure {
  const { id, by, state, feedback, declines, messages, events, deliveries, calls, cancelled } = row
  return {
    id,
    by,
    state,
    found: { feedback, declines, messages, events },
    erased: { deliveries, calls, cancelled },
    progress: progressOf(row),
    createdAt: row.createdAt.getTime(),
    finishedAt: row.finishedAt?.getTime() ?? null,
  }
}

/** Each phase counts the same. Within one, the share of its ids: those of feedback are random, others are times. */
function progressOf({ state, phase, cursor, until }: Row): number {
  if (phase === null) return state === 'withdrawn' ? 0 : 100
  const phases = state === 'erasing' ? erasing : counting
  const historyMs = env().HEARBACK_RETENTION_DAYS * 86_400_000
  const share =
    cursor === null
      ? 0
      : phase === 'feedback'
        ? Number.parseInt(cursor.slice(0, 8), 16) / 2 ** 32
        : 1 - (until.getTime() - timeOfId(cursor)) / historyMs
  return Math.floor(((phases.indexOf(phase) + Math.min(Math.max(share, 0), 1)) / phases.length) * 100)
}
