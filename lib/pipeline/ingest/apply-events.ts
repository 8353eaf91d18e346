import { newId } from '../../db/ids'
import type { DecisionCode, DecisionRow, EventParts, EventRecord, SourceRecord } from '../../events/event-record'
import { toUtc } from '../../events/event-time'
import { storeDecisions } from '../../events/stored-decisions'
import { partsOf } from '../../feedback/parts'
import { nextSlice, sliceIsOver } from '../../slices'
import type { AccountConfig, KnownWebhook } from './account-config'
import type { Arrival } from './arrival'
import { changeFeedback, type FeedbackState, feedbackMark, removeFeedback } from './feedback-versions'
import type { GroupRows } from './group-rows'
import { match, offersEvent } from './match'

// Applies a group's events to their feedback in the order of arrival: the second event of one feedback sees the first as
// its previous version. Then matches each event with webhooks, renders its payloads and makes its deliveries. All of it
// happens in memory, on rows that are locked; write-group.ts stores the result. It runs in slices, as one event may have
// 10,000 webhooks.

/** How many webhooks are matched, or get their delivery, between two looks at the clock. */
const webhooksAStep = 100
/** With more webhooks than this, an event keeps only the decisions that matched, and counts the others by reason. */
const decisionsAtMost = 200

export type ApplyInput = {
  events: (Arrival & { eventId: string; source: SourceRecord })[]
  configs: Map<string, AccountConfig>
  feedback: Map<string, FeedbackState>
  hubUrl: string
  triggeredAt: string
  /** The number of the first event; those of the others follow. */
  firstNumber: number
}

/** The rows that a group writes. Changes the states in `input.feedback`. */
export async function applyEvents(input: ApplyInput): Promise<GroupRows> {
  const rows: GroupRows = { events: [], payloads: [], deliveries: [], feedback: [], deliveriesOf: [] }
  const { triggeredAt } = input
  for (const arrival of input.events) {
    const { accountId, event, eventId, source } = arrival
    const config = input.configs.get(accountId) as AccountConfig
    const occurredAt = event.occurredAt === undefined ? triggeredAt : toUtc(event.occurredAt)
    const number = input.firstNumber + rows.events.length
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
    await pause()
    const decisions = await decide(record, parts, config, event.notify !== false)
    const made = await queueDeliveries(rows, record, config, decisions, input.hubUrl)
    rows.deliveriesOf.push(made)
    rows.events.push({
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
      decisions: storeDecisions(decisions.row),
    })
  }
  rows.feedback = [...input.feedback.values()].filter((state) => state.version !== state.storedVersion)
  return rows
}

/** Lets the event loop turn when the slice is over. The transaction, if one is open, holds its locks meanwhile. */
async function pause(): Promise<void> {
  if (sliceIsOver()) await nextSlice({ transaction: true })
}

type Decisions = { row: DecisionRow; matched: KnownWebhook[] }

/** Matches an event with every webhook whose format offers its type. `notify: false` matches nothing. */
async function decide(
  record: EventRecord,
  parts: EventParts | null,
  config: AccountConfig,
  notify: boolean,
): Promise<Decisions> {
  const row: DecisionRow = { notify, webhooks: [] }
  const matched: Decisions['matched'] = []
  if (!notify) return { row, matched }
  const offered = config.webhooks.filter((webhook) => offersEvent(webhook.format, record))
  const others: Partial<Record<DecisionCode, number>> = {}
  for (const [i, webhook] of offered.entries()) {
    if (i % webhooksAStep === webhooksAStep - 1) await pause()
    const code = match(record, parts, webhook)
    if (code === 'matched') matched.push(webhook)
    if (code === 'matched' || offered.length <= decisionsAtMost)
      row.webhooks.push([webhook.number, webhook.version, code])
    else others[code] = (others[code] ?? 0) + 1
  }
  if (Object.keys(others).length > 0) row.others = others
  return { row, matched }
}

/** Adds a delivery per matched webhook, and a payload per format and encoding. Returns the number of deliveries. */
async function queueDeliveries(
  rows: GroupRows,
  record: EventRecord,
  config: AccountConfig,
  { matched }: Decisions,
  hubUrl: string,
): Promise<number> {
  const payloads = new Map<string, string>()
  for (const [i, webhook] of matched.entries()) {
    if (i % webhooksAStep === webhooksAStep - 1) await pause()
    const { format, encoding } = webhook
    const kind = `${format.key} ${encoding}`
    let payloadId = payloads.get(kind)
    if (!payloadId) {
      await pause()
      payloadId = newId()
      payloads.set(kind, payloadId)
      const { id: accountId, identifier: merchantIdentifier, wootricToken, teamId } = config
      const body = format.render(record, { hubUrl, encoding, accountId, merchantIdentifier, wootricToken, teamId })
      rows.payloads.push({ account_id: config.id, id: payloadId, format: format.key, body })
    }
    rows.deliveries.push({
      account_id: config.id,
      id: newId(),
      event_id: record.id,
      webhook_id: webhook.id,
      webhook_version: webhook.version,
      payload_id: payloadId,
      feedback_version: record.feedback?.version ?? null,
      key_version: config.keyVersion,
      preclaimed: false,
      held: webhook.held || undefined,
    })
  }
  return matched.length
}
