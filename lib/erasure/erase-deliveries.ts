import { type SQL, sql } from 'drizzle-orm'
import { raiseConfigVersion } from '../accounts/config-version'
import type { Transaction } from '../db/client'
import { floorId, timeOfId } from '../db/ids'
import { dayIsKept } from '../db/partitions'
import { lockAccount } from '../webhooks/account-lock'
import { erasedReason, erasedText } from './erased'
import type { ErasureInput } from './erasure-schema'
import { isSubject } from './find-subjects'
import { type Erasure, inSlice, type Slice } from './slice'

// What was sent of a customer, or is queued. It follows the events: a delivery is the customer's when its event is erased. So
// it is found however late it was made, and a payload that several deliveries share is overwritten with the first of them.

/** The clocks of processes may differ: a call may look older than its delivery. */
const dayMs = 86_400_000

type Found = { id: string; payload_id: string }
export type ErasedDeliveries = { deliveries: number; calls: number; cancelled: number }

/** Erases those deliveries of the slice of queue rows whose events are erased. */
export async function eraseQueued(tx: Transaction, erasure: Erasure, slice: Slice): Promise<ErasedDeliveries> {
  const { accountId } = erasure
  const found = await find(
    tx,
    sql`
      select d.id, d.payload_id from queue q
      cross join lateral (select id, payload_id, event_id from deliveries
        where account_id = ${accountId} and id = q.delivery_id offset 0) d
      cross join lateral (${erasedEvent(erasure)}) e
      where q.account_id = ${accountId} and ${inSlice(sql`q.delivery_id`, slice)}`,
  )
  const erased = await eraseDeliveries(tx, accountId, found)
  // The last phase counts the deliveries, these among them.
  return { ...erased, deliveries: 0 }
}

/** Erases those deliveries of the slice whose events are erased, and test fires whose body names the customer. */
export async function eraseDelivered(tx: Transaction, erasure: Erasure, slice: Slice): Promise<ErasedDeliveries> {
  const { accountId, input } = erasure
  const found = await find(
    tx,
    sql`
      select d.id, d.payload_id from deliveries d
      cross join lateral ((${erasedEvent(erasure)}) union all (
        select 1 from payloads p where d.test is not null and p.account_id = ${accountId} and p.id = d.payload_id
          and ${namesCustomer(input, sql`p.body`)} offset 0)) e
      where d.account_id = ${accountId} and ${inSlice(sql`d.id`, slice)}`,
  )
  return eraseDeliveries(tx, accountId, found)
}

const find = async (tx: Transaction, query: SQL): Promise<Found[]> => (await tx.execute<Found>(query)).rows

/** SQL: a row where the event of the delivery `d` is erased, as one of this erasure. */
const erasedEvent = (erasure: Erasure): SQL => sql`
  select 1 from events e where e.account_id = ${erasure.accountId} and e.id = d.event_id and e.data = ${erasedText}
    and ${isSubject(erasure)} offset 0`

/** SQL: a body has the address or id as a whole value, in JSON or in a form. */
function namesCustomer({ by, value }: ErasureInput, body: SQL): SQL {
  const text = by === 'email' ? sql`lower(${body})` : body
  const needles = [JSON.stringify(value), `=${new URLSearchParams({ '': value }).toString().slice(1)}&`]
  const [json, form] = needles.map((needle) => (by === 'email' ? needle.toLowerCase() : needle))
  return sql`(strpos(${text}, ${json}) > 0 or strpos(${text} || '&', ${form}) > 0)`
}

/**
 * Cancels what is queued of these deliveries, then overwrites their payloads and the answers to their calls. Calls are read
 * last: whoever records one waits for the queue row or the payload, or has been committed (record.ts).
 */
async function eraseDeliveries(tx: Transaction, accountId: string, found: Found[]): Promise<ErasedDeliveries> {
  if (found.length === 0) return { deliveries: 0, calls: 0, cancelled: 0 }
  await lockAccount(tx, accountId)
  const ids = found.map(({ id }) => id)
  const queued = await tx.execute(sql`
    with gone as (delete from queue where account_id = ${accountId} and delivery_id = any(${sql.param(ids)}::uuid[])
      returning account_id, delivery_id, webhook_id)
    insert into outcomes (account_id, delivery_id, webhook_id, kind, reason)
    select account_id, delivery_id, webhook_id, 'cancelled', ${erasedReason} from gone where ${sql.raw(dayIsKept)}`)
  await tx.execute(sql`
    update payloads set body = ${erasedText} where account_id = ${accountId} and body <> ${erasedText}
      and id = any(${sql.param([...new Set(found.map(({ payload_id }) => payload_id))].sort())}::uuid[])`)
  const oldest = floorId(Math.min(...ids.map(timeOfId)) - dayMs)
  const calls = await tx.execute(sql`
    update calls set response_body = case when response_body = '' then '' else ${erasedText} end,
      response_headers = case when response_headers is not null then '[]' end,
      detail = case when failure is distinct from 'redirect' then detail end
    where account_id = ${accountId} and delivery_id = any(${sql.param(ids)}::uuid[]) and id >= ${oldest}::uuid
      and (response_body not in ('', ${erasedText}) or response_headers <> '[]' or failure = 'redirect' and detail is not null)`)
  const cancelled = queued.rowCount ?? 0
  // Drainers look at once at the rows that they have claimed, and drop those that are gone.
  if (cancelled > 0) await raiseConfigVersion(tx, accountId)
  return { deliveries: ids.length, calls: calls.rowCount ?? 0, cancelled }
}
