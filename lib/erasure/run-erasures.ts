import { sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import type { Database, Transaction } from '../db/client'
import { floorId } from '../db/ids'
import { retryDeadlock } from '../db/retry-deadlock'
import { DamagedSealError, UnknownSealKeyError, unseal } from '../secrets/seal'
import { eraseDelivered, eraseQueued } from './erase-deliveries'
import { erasedText } from './erased'
import type { ErasureInput } from './erasure-schema'
import { erasureValuePlace } from './erasure-value'
import { beginning, type ErasurePhase, erasureSubject, forgetSubjects, phaseAfter, withdrawErasure } from './erasures'
import { findFeedback, findInEvents, findMessages, isSubject } from './find-subjects'
import { type Erasure, inSlice, nextSlice, type Slice } from './slice'

// Works erasures off, step by step. A step is one transaction: it locks the erasure's row, works off a slice of one table and
// moves the cursor. So an erasure goes on where it was after any crash, in bounded memory, and any number of processes may
// work at once.
//
// Its phases follow one another. *feedback*, *events* and *messages* find what is the customer's; *bodies* overwrites the
// events, *queued* cancels what waits, *deliveries* overwrites what was sent. A phase begins when all transactions of the time
// before it have ended, and reads all rows that there were: so what comes in while an erasure runs is either seen by it, or
// began after the content that it could have copied was gone. While it only counts, nothing is changed.

/** Rows of a step. A step reads so many and changes no more. */
const sliceOf: Record<ErasurePhase, { table: string; id: string; atMost: number }> = {
  feedback: { table: 'feedback', id: 'id', atMost: 1_000 },
  events: { table: 'events', id: 'id', atMost: 1_000 },
  messages: { table: 'events', id: 'id', atMost: 1_000 },
  bodies: { table: 'events', id: 'id', atMost: 1_000 },
  queued: { table: 'queue', id: 'delivery_id', atMost: 500 },
  deliveries: { table: 'deliveries', id: 'id', atMost: 500 },
}
const greatest = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** How long an erasure waits for older transactions to end before it looks again, in seconds. */
const waitS = 0.5
/** How long one waits whose address or id does not open: `npm run secrets -- check` names it. */
const keyWaitS = 60

type Changes = { events: number; deliveries: number; calls: number; cancelled: number }
const nothing: Changes = { events: 0, deliveries: 0, calls: 0, cancelled: 0 }

/** SQL: a step is due, or what nobody has confirmed. */
export const erasuresDue = `exists (select from erasures where state in ('counting', 'counted', 'erasing') and next_at <= hub_now())`

/** Makes every step that is due. `stopped` is asked before each. Returns how many it made. */
export async function runErasures(db: Database, stopped: () => boolean = () => false): Promise<number> {
  await withdrawUnconfirmed(db)
  let made = 0
  while (!stopped() && (await retryDeadlock(() => db.transaction(step)))) made++
  return made
}

/** One step of the erasure that has waited longest. False: none is due. */
async function step(tx: Transaction): Promise<boolean> {
  const { rows } = await tx.execute<
    Omit<Erasure, 'input' | 'erases'> & { by: ErasureInput['by']; sealed: string; waits: boolean }
  >(sql`
    select account_id as "accountId", id, by, sealed_value as sealed, state, phase, cursor,
      (extract(epoch from until) * 1000)::float8 as "untilMs",
      cursor is null and pg_snapshot_xmin(pg_current_snapshot())::text::bigint <= barrier as waits
    from erasures where state in ('counting', 'erasing') and next_at <= hub_now()
    order by next_at limit 1 for update skip locked`)
  const [row] = rows
  if (!row) return false
  const { by, sealed, waits, ...rest } = row
  if (waits) return lookAgain(tx, rest, waitS)
  const value = open(rest, sealed)
  if (value === undefined) return lookAgain(tx, rest, keyWaitS)
  const erasure: Erasure = { ...rest, input: { by, value }, erases: rest.state === 'erasing' }
  const { slice, changes } = await workOff(tx, erasure)
  if (slice && !slice.last) await moveOn(tx, erasure, slice.to, changes)
  else await endPhase(tx, erasure, changes)
  return true
}

/** The address or id; undefined when it does not open. */
function open({ accountId, id }: { accountId: string; id: string }, sealed: string): string | undefined {
  try {
    return unseal(sealed, erasureValuePlace(accountId, id)).reveal()
  } catch (error) {
    if (error instanceof UnknownSealKeyError || error instanceof DamagedSealError) return undefined
    throw error
  }
}

async function workOff(tx: Transaction, erasure: Erasure) {
  const { phase, input, untilMs } = erasure
  const whole: Slice & { last: boolean } = { after: '', to: '', last: true }
  if (input.by === 'feedback-id' && phase === 'feedback') {
    await findFeedback(tx, erasure, whole)
    return { slice: whole, changes: nothing }
  }
  // A feedback id names no customer whom events could carry.
  if (input.by === 'feedback-id' && phase === 'events') return { slice: whole, changes: nothing }
  const below = phase === 'feedback' ? greatest : floorId(untilMs)
  const slice = await nextSlice(tx, erasure, { ...sliceOf[phase], below })
  return { slice, changes: slice ? await workOffSlice(tx, erasure, slice) : nothing }
}

async function workOffSlice(tx: Transaction, erasure: Erasure, slice: Slice): Promise<Changes> {
  switch (erasure.phase) {
    case 'feedback':
      await findFeedback(tx, erasure, slice)
      return nothing
    case 'events':
      await findInEvents(tx, erasure, slice)
      return nothing
    case 'messages':
      await findMessages(tx, erasure, slice)
      return nothing
    case 'bodies':
      return { ...nothing, events: await takeBodies(tx, erasure, slice) }
    case 'queued':
      return { ...nothing, ...(await eraseQueued(tx, erasure, slice)) }
    case 'deliveries':
      return { ...nothing, ...(await eraseDelivered(tx, erasure, slice)) }
  }
}

/** Overwrites the events of the slice that are about what was found, or only counts them. */
async function takeBodies(tx: Transaction, erasure: Erasure, slice: Slice): Promise<number> {
  const which = sql`e.account_id = ${erasure.accountId} and ${inSlice(sql`e.id`, slice)} and e.data <> ${erasedText}
    and ${isSubject(erasure)}`
  const found = erasure.erases
    ? sql`update events e set data = ${erasedText} where ${which}`
    : sql`select from events e where ${which}`
  return (await tx.execute(found)).rowCount ?? 0
}

async function moveOn(tx: Transaction, { accountId, id }: Erasure, cursor: string, changes: Changes): Promise<void> {
  await tx.execute(sql`update erasures set cursor = ${cursor}::uuid, ${raised(changes)}
    where account_id = ${accountId} and id = ${id}`)
}

async function endPhase(tx: Transaction, erasure: Erasure, changes: Changes): Promise<void> {
  const { accountId, id, state, phase } = erasure
  const next = phaseAfter(state, phase)
  if (next)
    await tx.execute(sql`update erasures set ${beginning(next)}, ${raised(changes)}
      where account_id = ${accountId} and id = ${id}`)
  else if (state === 'counting')
    await tx.execute(sql`update erasures set state = 'counted', phase = null, cursor = null,
        next_at = hub_now() + interval '1 day', ${raised(changes)}, ${foundColumns}
      where account_id = ${accountId} and id = ${id}`)
  else await finish(tx, erasure, changes)
}

async function finish(tx: Transaction, { accountId, id }: Erasure, changes: Changes): Promise<void> {
  const { rows } = await tx.execute<Record<string, number>>(sql`
    update erasures set state = 'done', phase = null, cursor = null, sealed_value = null, finished_at = hub_now(),
      ${raised(changes)}, ${foundColumns}
    where account_id = ${accountId} and id = ${id}
    returning feedback, declines, messages, events, deliveries, calls, cancelled`)
  await forgetSubjects(tx, accountId, id)
  await recordAudit(tx, accountId, null, 'erasure.finished', erasureSubject(id), rows[0])
}

const raised = ({ events, deliveries, calls, cancelled }: Changes) => sql`events = events + ${events},
  deliveries = deliveries + ${deliveries}, calls = calls + ${calls}, cancelled = cancelled + ${cancelled}`

const foundOf = (kind: string) => sql`(select count(*) from erasure_subjects s
  where s.account_id = erasures.account_id and s.erasure_id = erasures.id and s.kind = ${kind})`
const foundColumns = sql`feedback = ${foundOf('feedback')}, declines = ${foundOf('decline')}, messages = ${foundOf('message')}`

async function lookAgain(tx: Transaction, { accountId, id }: { accountId: string; id: string }, seconds: number) {
  await tx.execute(sql`update erasures set next_at = hub_now() + ${seconds}::float8 * interval '1 s'
    where account_id = ${accountId} and id = ${id}`)
  return true
}

/** Withdraws what was counted and nobody has confirmed within a day: its address or id is kept no longer. */
async function withdrawUnconfirmed(db: Database): Promise<void> {
  const { rows } = await db.execute<{ account_id: string; id: string }>(sql`
    select account_id, id from erasures where state = 'counted' and next_at <= hub_now() limit 100`)
  for (const { account_id, id } of rows) await withdrawErasure(db, account_id, null, id)
}
