import { type SQL, sql } from 'drizzle-orm'
import type { Transaction } from '../db/client'
import { readId } from '../type-id'
import * as z from '../zod'
import { emptyFeedback } from './empty-feedback'
import type { ErasureInput } from './erasure-schema'
import { type Erasure, inSlice, type Slice } from './slice'

// What an erasure is about: the feedback, declines and messages of a customer. They are found by the customer that they
// carry, in stored feedback and in every event that is kept, as earlier versions may name a customer whom the latest does not.
// A customer is compared inside PostgreSQL, so that no body is read into this process.

const kindOf = (type: SQL): SQL => sql`case when ${type} like 'feedback.%' then 'feedback'
  when ${type} = 'survey.declined' then 'decline' else 'message' end`

/** Notes feedback of the slice that is the customer's. With a feedback id, that feedback alone; there is no slice then. */
export async function findFeedback(tx: Transaction, erasure: Erasure, slice: Slice): Promise<void> {
  const { accountId, id, input } = erasure
  const which =
    input.by === 'feedback-id'
      ? isFeedback(input.value)
      : sql`${inSlice(sql`id`, slice)} and ${isCustomer(input, sql`data`, ['customer'])}`
  await note(
    tx,
    erasure,
    sql`
    select ${accountId}::uuid, ${id}::uuid, 'feedback', external_id from feedback
    where account_id = ${accountId} and ${which}`,
  )
}

/** SQL: the platform's id, or ours as payloads carry it. */
function isFeedback(value: string): SQL {
  const own = readId('feedback', value) ?? (isUuid(value) ? value : undefined)
  return own ? sql`(external_id = ${value} or id = ${own}::uuid)` : sql`external_id = ${value}`
}

const isUuid = (value: string) => z.uuid().safeParse(value).success

/** Notes what the events of the slice say is the customer's. */
export async function findInEvents(tx: Transaction, erasure: Erasure, slice: Slice): Promise<void> {
  const { accountId, id, input } = erasure
  const mine = (['feedback', 'decline', 'message'] as const).map((part) =>
    isCustomer(input, sql`data`, [part, 'customer']),
  )
  await note(
    tx,
    erasure,
    sql`
    select distinct ${accountId}::uuid, ${id}::uuid, ${kindOf(sql`type`)}, subject_id from events
    where account_id = ${accountId} and ${inSlice(sql`id`, slice)} and (${sql.join(mine, sql` or `)})`,
  )
}

/** Notes the messages of the slice that are about feedback of the customer. */
export async function findMessages(tx: Transaction, erasure: Erasure, slice: Slice): Promise<void> {
  const { accountId, id } = erasure
  await note(
    tx,
    erasure,
    sql`
    select distinct ${accountId}::uuid, ${id}::uuid, 'message', e.subject_id
    from events e join erasure_subjects s on s.account_id = ${accountId} and s.erasure_id = ${id} and s.kind = 'feedback'
      and s.subject_id = case when e.type like 'message.%' and e.data like '{%' then e.data::json #>> '{message,feedbackId}' end
    where e.account_id = ${accountId} and ${inSlice(sql`e.id`, slice)}`,
  )
}

/** SQL: the event `e` is about something that was found. */
export const isSubject = ({ accountId, id }: Erasure): SQL => sql`exists (select from erasure_subjects s
  where s.account_id = ${accountId} and s.erasure_id = ${id} and s.kind = ${kindOf(sql`e.type`)}
    and s.subject_id = e.subject_id offset 0)`

async function note(tx: Transaction, erasure: Erasure, found: SQL): Promise<void> {
  const { rows } = await tx.execute<{ kind: string; subject_id: string }>(sql`
    insert into erasure_subjects (account_id, erasure_id, kind, subject_id) ${found}
    on conflict do nothing returning kind, subject_id`)
  const feedback = rows.flatMap(({ kind, subject_id }) => (kind === 'feedback' ? [subject_id] : []))
  if (erasure.erases) await emptyFeedback(tx, erasure.accountId, feedback)
}

/**
 * SQL: the JSON text `data` has the customer at this path. Most texts do not hold the value at all, and are not parsed.
 * Addresses are compared without regard to case and to space around them.
 */
function isCustomer({ by, value }: ErasureInput, data: SQL, path: string[]): SQL {
  const written = JSON.stringify(value).slice(1, -1)
  const field = `{${[...path, by === 'email' ? 'email' : 'externalId'].join(',')}}`
  return by === 'email'
    ? sql`case when strpos(lower(${data}), lower(${written})) > 0 and ${data} like '{%'
        then lower(trim(${data}::json #>> ${field})) = lower(${value}) else false end`
    : sql`case when strpos(${data}, ${written}) > 0 and ${data} like '{%'
        then trim(${data}::json #>> ${field}) = ${value} else false end`
}
