import { readDecisions, type WebhookDecision } from '../../events/event-decisions'
import { readEventDeliveries } from '../../events/event-deliveries'
import { type KeptEvent, readEvent, readEventLog } from '../../events/event-queries'
import { eventTypes } from '../../events/event-types'
import { done, missing } from '../../form-result'
import { readId, showId } from '../../type-id'
import { nameWebhooks } from '../../webhooks/webhook-records'
import * as z from '../../zod'
import { cursorOf, givenId, pageOf, pageQuery, pathPart, shownId, shownTime, showPage, showTime } from '../api-schemas'
import { progressSchema, showProgress } from '../delivery-schemas'
import { type AccountCaller, accountOperation, type Operation } from '../operation'
import { showReference, webhookReference } from '../webhook-schemas'

const tag = 'Events'
const gone = missing('There is no such event, or it is older than the history that this hub keeps.')

const common = {
  id: shownId('event'),
  at: shownTime.meta({ description: 'When the hub accepted it.' }),
  type: z.enum(eventTypes),
  subject: z.string().meta({ description: 'The platform’s id of the feedback, decline or message.' }),
  feedbackVersion: z.int().nullable(),
  notify: z.boolean().meta({ description: 'False: history was being loaded, and no webhook was judged.' }),
}

const eventLine = z
  .object({
    ...common,
    sourceName: z.string(),
    judged: z.int().meta({ description: 'How many webhooks were judged.' }),
    matched: z.int().meta({ description: 'How many of them matched, each of which got a delivery.' }),
  })
  .meta({ id: 'EventLine' })

const decisionSchema = z
  .object({
    webhook: webhookReference,
    reason: z.string().meta({ description: '`matched`, or the code of the reason why it did not fire.' }),
    words: z.string().meta({ description: 'The reason as a sentence.' }),
    deliveries: z.array(
      progressSchema.extend({
        id: shownId('delivery'),
        madeAt: shownTime,
        late: z.enum(['missed', 'replay']).nullable().meta({
          description: 'Made after the event was accepted: it was missed and recovered, or it was replayed.',
        }),
      }),
    ),
  })
  .meta({ id: 'Decision' })

const eventDetail = z
  .object({
    ...common,
    externalId: z.string().nullable().meta({ description: 'The id that the platform gave it.' }),
    source: shownId('source'),
    data: z
      .record(z.string(), z.unknown())
      .nullable()
      .meta({ description: 'The event as it is kept and sent. null: its customer was erased.' }),
    decisions: z.array(decisionSchema).meta({ description: 'Why each webhook did or did not fire.' }),
  })
  .meta({ id: 'EventDetail' })

export const eventOperations: Operation[] = [
  accountOperation({
    id: 'listEvents',
    method: 'get',
    path: '/events',
    tag,
    scope: 'read',
    summary: 'List events, newest first',
    description: 'A filtered page may be short, or empty, and have a further page all the same: a search is bounded.',
    query: pageQuery('event').extend({
      type: z.enum(eventTypes).optional(),
      source: givenId('source').optional(),
      subject: z
        .string()
        .trim()
        .min(1)
        .max(255)
        .optional()
        .meta({ description: 'The platform’s id of the feedback, decline or message, or of the event.' }),
    }),
    answer: pageOf(eventLine),
    async run({ db, accountId }, { query: { limit, after, type, source: sourceId, subject } }) {
      const filter = { type, sourceId, subject }
      const page = await readEventLog(db, accountId, { filter, cursor: cursorOf(after), size: limit })
      return done(
        showPage('event', page, ({ id, at, subjectId, externalId: _, feedbackId: __, ...row }) => ({
          ...row,
          id: showId('event', id),
          at: showTime(at),
          subject: subjectId,
        })),
      )
    },
  }),
  accountOperation({
    id: 'getEvent',
    method: 'get',
    path: '/events/{event}',
    tag,
    scope: 'read',
    summary: 'Read an event with the decision for every webhook: why it did or did not fire',
    params: z.object({ event: pathPart('The id of the event.', 'evt_01jdv3k8x2e5tazw0r7m6cq4bn') }),
    answer: eventDetail,
    async run(caller, { params }) {
      const id = readId('event', params.event)
      const event = id && (await readEvent(caller.db, caller.accountId, id))
      if (!event) return gone
      return done({
        id: showId('event', event.id),
        at: showTime(event.at),
        type: event.type,
        subject: event.subjectId,
        feedbackVersion: event.feedbackVersion,
        notify: event.decisions.notify,
        externalId: event.externalId,
        source: showId('source', event.sourceId),
        data: event.record as Record<string, unknown> | null,
        decisions: await showDecisions(caller, event),
      })
    },
  }),
]

async function showDecisions({ db, accountId }: AccountCaller, event: KeptEvent) {
  const decisions = await readDecisions(db, accountId, event)
  const ids = decisions.map(({ webhookId }) => webhookId)
  const named = await nameWebhooks(db, accountId, ids)
  const deliveries = await readEventDeliveries(db, accountId, event, ids)
  const reference = ({ webhookId, name }: WebhookDecision) => {
    const { externalId = null, metadata = {} } = named.get(webhookId) ?? {}
    return showReference({ id: webhookId, name, externalId, metadata })
  }
  return decisions.map((decision) => ({
    webhook: reference(decision),
    reason: decision.reason,
    words: decision.words,
    deliveries: (deliveries.get(decision.webhookId) ?? []).map(({ deliveryId, madeAt, late, ...progress }) => ({
      ...showProgress(progress),
      id: showId('delivery', deliveryId),
      madeAt: showTime(madeAt),
      late,
    })),
  }))
}
