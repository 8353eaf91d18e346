import { eventNumber } from '../db/event-numbers'
import { newId } from '../db/ids'
import type { DecisionCode, DecisionRow, EventParts, EventRecord, SourceRecord } from '../events/event-record'
import { partsOf } from '../feedback/parts'
import type { FormatKey } from '../formats/format'
import type { Arrival } from './accept'
import type { AccountConfig, KnownWebhook } from './account-config'
import { changeFeedback, type FeedbackState, feedbackMark, removeFeedback, toUtc } from './feedback-versions'
import { match, offersEvent } from './match'

// Folds a group's events in the order they arrived: the second event of one feedback sees the first as its previous
// version. Works in memory on what was locked; write-group.ts stores the result.

const decisionsAtMost = 200

export type FoldInput = {
  events: (Arrival & { eventId: string; source: SourceRecord })[]
  configs: Map<string, AccountConfig>
  feedback: Map<string, FeedbackState>
  hubUrl: string
  triggeredAt: string
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
  /** Claimed for the drain of this process as it is queued. */
  held: boolean
}

export type Folded = {
  events: EventRow[]
  payloads: { account_id: string; id: string; format: FormatKey; body: string }[]
  deliveries: DeliveryRow[]
  /** What its row does not hold yet. */
  feedback: FeedbackState[]
  /** How many deliveries each event made, in order. */
  deliveriesOf: number[]
}

/** What a group writes. Changes the states in `input.feedback`. */
export function foldEvents(input: FoldInput): Folded {
  const folded: Folded = { events: [], payloads: [], deliveries: [], feedback: [], deliveriesOf: [] }
  const { triggeredAt } = input
  for (const arrival of input.events) {
    const { accountId, event, eventId, source } = arrival
    const config = input.configs.get(accountId) as AccountConfig
    const occurredAt = toUtc(event.occurredAt) ?? triggeredAt
    const number = eventNumber()
    const record: EventRecord = { id: eventId, number, type: event.type, occurredAt, triggeredAt, source }
    let parts: EventParts | null = null
    let subjectId: string
    if ('feedback' in event) {
      const state = input.feedback.get(feedbackMark(accountId, event.feedback.id))
      subjectId = event.feedback.id
      if (event.type === 'feedback.deleted') record.feedback = removeFeedback(state, occurredAt)
      else {
        const before = state?.current
        parts = partsOf(before, event.feedback)
        record.feedback = changeFeedback(state as FeedbackState, event.feedback, source.id, occurredAt)
      }
    } else if ('decline' in event) {
      record.decline = event.decline
      subjectId = event.decline.id
    } else {
      record.message = event.message
      subjectId = event.message.id
    }
    const decisions = decide(record, parts, config, event.notify !== false)
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
  folded.feedback = [...input.feedback.values()].filter((state) => state.version !== state.storedVersion)
  return folded
}

type Decisions = { row: DecisionRow; matched: KnownWebhook[] }

function decide(record: EventRecord, parts: EventParts | null, config: AccountConfig, notify: boolean): Decisions {
  const row: DecisionRow = { notify, webhooks: [] }
  const matched: Decisions['matched'] = []
  if (!notify) return { row, matched }
  const offered = config.webhooks.filter((webhook) => offersEvent(webhook.format, record))
  const others: Partial<Record<DecisionCode, number>> = {}
  for (const webhook of offered) {
    const code = match(record, parts, webhook)
    if (code === 'matched') matched.push(webhook)
    if (code === 'matched' || offered.length <= decisionsAtMost)
      row.webhooks.push([webhook.number, webhook.version, code])
    else others[code] = (others[code] ?? 0) + 1
  }
  if (Object.keys(others).length > 0) row.others = others
  return { row, matched }
}

/** One payload for each format and encoding that matched, one delivery for each webhook. */
function deliver(folded: Folded, record: EventRecord, config: AccountConfig, { matched }: Decisions, hubUrl: string) {
  const payloads = new Map<string, string>()
  for (const webhook of matched) {
    const { format, encoding } = webhook
    const kind = `${format.key} ${encoding}`
    let payloadId = payloads.get(kind)
    if (!payloadId) {
      payloadId = newId()
      payloads.set(kind, payloadId)
      const { id: accountId, identifier: merchantIdentifier, wootricToken, teamId } = config
      const body = format.render(record, { hubUrl, encoding, accountId, merchantIdentifier, wootricToken, teamId })
      folded.payloads.push({ account_id: config.id, id: payloadId, format: format.key, body })
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
      held: false,
    })
  }
  return matched.length
}
