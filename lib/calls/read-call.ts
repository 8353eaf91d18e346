import { and, asc, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { keptHistory } from '../db/history-range'
import { calls, deliveries, events, payloads } from '../db/history-schema'
import { timeOfId } from '../db/ids'
import { webhooks, webhookVersions } from '../db/schema'
import type { EventType } from '../events/event-types'
import type { Encoding, FormatKey } from '../formats/format'
import type { Authentication } from '../webhooks/webhook-schema'
import type { CallState } from './call-state'
import { type DeliveryState, readDeliveryStates } from './delivery-states'
import type { CallFailure } from './failure'

/** Only a delivery that was sent again by hand many times has more attempts than this. */
const attemptsAtMost = 100

/** The webhook at the time of the call. */
export type CalledWebhook = {
  name: string
  url: string
  format: FormatKey
  encoding: Encoding
  authentication: Authentication
  basicUser: string | null
  headerNames: string[]
  /** null for a test fire, which is not retried. */
  retries: number | null
  /** The webhook still exists, so that a link can open it. */
  open: boolean
}

/** A call as it was recorded. Undefined when the account has no such call. */
export async function findCall(db: Queryable, accountId: string, callId: string) {
  const [call] = await db
    .select()
    .from(calls)
    .where(and(eq(calls.accountId, accountId), eq(calls.id, callId)))
  return call && { ...call, failure: call.failure as CallFailure | null }
}

type FoundCall = NonNullable<Awaited<ReturnType<typeof findCall>>>

/**
 * One call with its webhook at that time, its body (null once its payload was dropped), the attempts of its delivery
 * and the delivery's state. Undefined when the account has no such call. It contains no secret, but whole URLs and
 * answers: shown-call.ts decides what a role may see of them.
 */
export async function readCall(db: Queryable, accountId: string, callId: string) {
  const call = await findCall(db, accountId, callId)
  return call && readFound(db, accountId, call)
}

/** The same for a call that was found. Undefined when it was a test fire whose delivery is no longer kept. */
export async function readFound(db: Queryable, accountId: string, call: FoundCall) {
  const [delivery] = await db
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.accountId, accountId), eq(deliveries.id, call.deliveryId)))
  const [[payload], webhook, attempts, state, event] = await Promise.all([
    delivery
      ? db
          .select({ body: payloads.body })
          .from(payloads)
          .where(and(eq(payloads.accountId, accountId), eq(payloads.id, delivery.payloadId)))
      : [],
    delivery?.test ? ofTest(delivery.test) : readCalledWebhook(db, accountId, call),
    readAttempts(db, accountId, call.deliveryId),
    call.test ? { kind: 'test' as const } : readState(db, accountId, call.deliveryId),
    readEventOf(db, accountId, delivery?.eventId ?? null),
  ])
  if (!webhook) return undefined
  return {
    call: { ...call, at: timeOfId(call.id) },
    feedbackVersion: delivery?.feedbackVersion ?? null,
    body: payload?.body ?? null,
    webhook,
    attempts,
    state,
    event,
  }
}
export type CallDetail = NonNullable<Awaited<ReturnType<typeof readFound>>>

function ofTest(test: NonNullable<typeof deliveries.$inferSelect.test>): CalledWebhook {
  return { ...test, basicUser: test.basicUser ?? null, retries: null, open: false }
}

async function readCalledWebhook(
  db: Queryable,
  accountId: string,
  { webhookId, webhookVersion }: typeof calls.$inferSelect,
): Promise<CalledWebhook | undefined> {
  if (webhookId === null || webhookVersion === null) return undefined
  const [row] = await db
    .select({
      name: webhookVersions.name,
      url: webhookVersions.url,
      format: sql<FormatKey>`${webhooks.format}`,
      encoding: webhooks.encoding,
      authentication: webhookVersions.authentication,
      basicUser: webhookVersions.basicUser,
      headerNames: sql<string[]>`array(select jsonb_array_elements(${webhookVersions.headers}) ->> 'name')`,
      retries: webhookVersions.retries,
      open: sql<boolean>`${webhooks.deletedAt} is null`,
    })
    .from(webhookVersions)
    .innerJoin(
      webhooks,
      and(eq(webhooks.accountId, webhookVersions.accountId), eq(webhooks.id, webhookVersions.webhookId)),
    )
    .where(
      and(
        eq(webhookVersions.accountId, accountId),
        eq(webhookVersions.webhookId, webhookId),
        eq(webhookVersions.version, webhookVersion),
      ),
    )
  return row
}

async function readAttempts(db: Queryable, accountId: string, deliveryId: string) {
  const rows = await db
    .select({
      id: calls.id,
      attempt: calls.attempt,
      status: calls.status,
      failure: sql<CallFailure | null>`${calls.failure}`,
      detail: calls.detail,
      durationMs: calls.durationMs,
    })
    .from(calls)
    .where(
      and(
        eq(calls.accountId, accountId),
        eq(calls.deliveryId, deliveryId),
        keptHistory(calls.id, timeOfId(deliveryId)),
      ),
    )
    .orderBy(asc(calls.id))
    .limit(attemptsAtMost)
  return rows.map((row) => ({ ...row, at: timeOfId(row.id) }))
}
export type CallAttempt = Awaited<ReturnType<typeof readAttempts>>[number]

async function readState(db: Queryable, accountId: string, deliveryId: string): Promise<CallState> {
  const states = await readDeliveryStates(db, accountId, [deliveryId])
  return (states.get(deliveryId) as DeliveryState).state
}

/** The event of a call; null: a test fire has none, or the partition of its day was dropped. */
async function readEventOf(db: Queryable, accountId: string, eventId: string | null) {
  if (eventId === null) return null
  const [event] = await db
    .select({ id: events.id, type: sql<EventType>`${events.type}` })
    .from(events)
    .where(and(eq(events.accountId, accountId), eq(events.id, eventId)))
  return event ?? null
}
