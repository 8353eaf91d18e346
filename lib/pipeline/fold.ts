import { newId } from '../db/ids'
import type { DecisionCode, DecisionRow, EventParts, EventRecord, FeedbackRecord } from '../events/event-record'
import { partsOf } from '../feedback/parts'
import type { FormatKey } from '../formats/format'
import { formats } from '../formats/formats'
import type { Arrival } from './accept'
import type { AccountConfig, KnownSource } from './account-config'
import { type FeedbackState, feedbackMark } from './lock-feedback'
import { match, offersEvent } from './match'

// Folds a group's events in the order they arrived: the second event of one feedback sees the first as its previous
// version. Works in memory on what was locked; write-group.ts stores the result.

const decisionsAtMost = 200

export type FoldInput = {
  events: (Arrival & { eventId: string; source: KnownSource })[]
  configs: Map<string, AccountConfig>
  feedback: Map<string, FeedbackState>
  hubUrl: string
  triggeredAtMs: number
}

export type EventRow = {
  account_id: string
  id: string
  type: string
  external_id: string | null
  source_id: string
  feedback_id: string | null
  subject_id: string
  feedback_version: number | null
  data: string
  parts: EventParts | null
  decisions: DecisionRow
}

export type DeliveryRow = {
  account_id: string
  id: string
  event_id: string
  webhook_id: string
  webhook_version: number
  payload_id: string
  feedback_version: number | null
  key_version: number | null
}

export type Folded = {
  events: EventRow[]
  payloads: { account_id: string; id: string; format: FormatKey; body: string }[]
  deliveries: DeliveryRow[]
  feedback: FeedbackState[]
  /** How many deliveries each event made, in order. */
  deliveriesOf: number[]
}

/** What a group writes. Changes the states in `input.feedback`. */
export function foldEvents(input: FoldInput): Folded {
  const folded: Folded = { events: [], payloads: [], deliveries: [], feedback: [], deliveriesOf: [] }
  const triggeredAt = new Date(input.triggeredAtMs).toISOString()
  for (const arrival of input.events) {
    const { accountId, event, eventId, source } = arrival
    const config = input.configs.get(accountId) as AccountConfig
    const occurredAt = toUtc(event.occurredAt) ?? triggeredAt
    const record: EventRecord = { id: eventId, type: event.type, occurredAt, triggeredAt, source }
    let parts: EventParts | null = null
    let subjectId: string
    if ('feedback' in event) {
      const state = input.feedback.get(feedbackMark(accountId, event.feedback.id))
      subjectId = event.feedback.id
      if (event.type === 'feedback.deleted') record.feedback = remove(state, occurredAt)
      else {
        const before = state?.current
        parts = partsOf(before, event.feedback)
        record.feedback = change(state as FeedbackState, event.feedback, source.id, occurredAt)
      }
    } else if ('decline' in event) {
      record.decline = event.decline
      subjectId = event.decline.id
    } else {
      record.message = event.message
      subjectId = event.message.id
    }
    const decisions = decide(record, config, event.notify !== false)
    const made = deliver(folded, record, config, decisions, input.hubUrl)
    folded.deliveriesOf.push(made)
    folded.events.push({
      account_id: accountId,
      id: eventId,
      type: event.type,
      external_id: event.id ?? null,
      source_id: source.id,
      feedback_id: record.feedback?.publicId ?? null,
      subject_id: subjectId,
      feedback_version: record.feedback?.version ?? null,
      data: JSON.stringify(record),
      parts,
      decisions: decisions.row,
    })
  }
  folded.feedback = [...input.feedback.values()].filter((state) => state.changed)
  return folded
}

const toUtc = (time: string | undefined) => time && new Date(time).toISOString()

/**
 * The feedback an event carries, as the next version; the state moves on to it, unless it is older than what is
 * stored: then it is only told of, with a version below the stored one.
 */
function change(
  state: FeedbackState,
  feedback:
    | FeedbackRecord
    | (Omit<FeedbackRecord, 'publicId' | 'version' | 'createdAt' | 'updatedAt'> & {
        createdAt?: string
        updatedAt?: string
      }),
  sourceId: string,
  occurredAt: string,
): FeedbackRecord {
  const before = state.current
  const updatedAt = toUtc(feedback.updatedAt) ?? occurredAt
  const createdAt = toUtc(feedback.createdAt) ?? before?.createdAt ?? updatedAt
  // A deletion is what is stored, too: an update that was overtaken by it must not bring the feedback back.
  const storedAt = before?.updatedAt ?? state.deletedAt
  const stale = storedAt !== null && feedback.updatedAt !== undefined && updatedAt < storedAt
  const now = { ...feedback, createdAt, updatedAt }
  if (stale) return { ...now, publicId: state.publicId, version: state.version - 1 }
  state.version += 1
  state.current = now
  state.sourceId = sourceId
  state.deletedAt = null
  state.changed = true
  return { ...now, publicId: state.publicId, version: state.version }
}

/** The last stored version of a feedback that is deleted now; undefined when there is none. */
function remove(state: FeedbackState | undefined, deletedAt: string): FeedbackRecord | undefined {
  if (!state?.current) return undefined
  const last = state.current
  state.version += 1
  state.current = undefined
  state.deletedAt = deletedAt
  state.changed = true
  return { ...last, publicId: state.publicId, version: state.version, deletedAt }
}

type Decisions = { row: DecisionRow; matched: AccountConfig['webhooks'] }

function decide(record: EventRecord, config: AccountConfig, notify: boolean): Decisions {
  const row: DecisionRow = { notify, webhooks: [] }
  const matched: Decisions['matched'] = []
  if (!notify) return { row, matched }
  const offered = config.webhooks.filter((webhook) => offersEvent(formats[webhook.format], record))
  const others: Partial<Record<DecisionCode, number>> = {}
  for (const webhook of offered) {
    const code = match(record, webhook)
    if (code === 'matched') matched.push(webhook)
    if (code === 'matched' || offered.length <= decisionsAtMost)
      row.webhooks.push([webhook.number, webhook.version, code])
    else others[code] = (others[code] ?? 0) + 1
  }
  if (Object.keys(others).length > 0) row.others = others
  return { row, matched }
}

/** One payload for each format that matched, one delivery for each webhook. */
function deliver(folded: Folded, record: EventRecord, config: AccountConfig, { matched }: Decisions, hubUrl: string) {
  const payloads = new Map<FormatKey, string>()
  for (const webhook of matched) {
    let payloadId = payloads.get(webhook.format)
    if (!payloadId) {
      payloadId = newId()
      payloads.set(webhook.format, payloadId)
      const body = formats[webhook.format].render(record, { hubUrl, merchantIdentifier: config.identifier })
      folded.payloads.push({ account_id: config.id, id: payloadId, format: webhook.format, body })
    }
    folded.deliveries.push({
      account_id: config.id,
      id: newId(),
      event_id: record.id,
      webhook_id: webhook.id,
      webhook_version: webhook.version,
      payload_id: payloadId,
      feedback_version: record.feedback?.version ?? null,
      key_version: config.keyVersion,
    })
  }
  return matched.length
}
