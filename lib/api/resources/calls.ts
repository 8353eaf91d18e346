import { callResults } from '../../calls/call-filter'
import { readCallLog } from '../../calls/call-log'
import { callFailures } from '../../calls/failure'
import { readCall } from '../../calls/read-call'
import { shownCall } from '../../calls/shown-call'
import { done, missing } from '../../form-result'
import { readId, showId } from '../../type-id'
import { nameWebhooks } from '../../webhooks/webhook-records'
import * as z from '../../zod'
import { cursorOf, pageOf, pageQuery, pathPart, shownId, shownTime, showPage, showTime } from '../api-schemas'
import { deliveryStateSchema, showState } from '../delivery-schemas'
import { findWebhook } from '../find-named'
import { accountOperation, type Operation } from '../operation'
import { showReference, webhookReference } from '../webhook-schemas'

const tag = 'Calls'
const gone = missing('There is no such call, or it is older than the history that this hub keeps.')

const answered = {
  status: z.int().nullable().meta({ description: 'The HTTP status of the answer. null: there was none.' }),
  failure: z.enum(callFailures).nullable().meta({ description: 'Why the call failed. null: it was a success.' }),
  detail: z.string().nullable(),
  durationMs: z.number(),
}

const callSchema = z
  .object({
    id: shownId('call'),
    delivery: shownId('delivery'),
    webhook: webhookReference.nullable().meta({ description: 'null: a test fire of a form that was never saved.' }),
    at: shownTime,
    ruleName: z.string().meta({ description: 'The name of the webhook when the call was made.' }),
    url: z.string(),
    test: z.boolean(),
    attempt: z.int(),
    ...answered,
  })
  .meta({ id: 'Call' })

const headers = z.array(z.object({ name: z.string(), value: z.string(), masked: z.boolean() }))

const callDetail = callSchema
  .extend({
    event: shownId('event').nullable(),
    request: z
      .object({ line: z.string(), headers, body: z.string().nullable() })
      .nullable()
      .meta({ description: 'The exact request with its secrets masked. null: the call ended before one was made.' }),
    response: z
      .object({ headers, body: z.string(), bytes: z.int(), cut: z.boolean() })
      .nullable()
      .meta({ description: 'null: there was none, or the key has the scope `read` only.' }),
    attempts: z.array(z.object({ id: shownId('call'), at: shownTime, attempt: z.int(), ...answered })),
    state: deliveryStateSchema,
  })
  .meta({ id: 'CallDetail' })

export const callOperations: Operation[] = [
  accountOperation({
    id: 'listCalls',
    method: 'get',
    path: '/calls',
    tag,
    scope: 'read',
    summary: 'List calls, newest first',
    description: 'A filtered page may be short, or empty, and have a further page all the same: a search is bounded.',
    query: pageQuery('call').extend({
      webhook: z
        .string()
        .max(200)
        .optional()
        .meta({ description: 'The id of a webhook, or the platform’s own id of it.' }),
      result: z.enum(callResults).default('all'),
    }),
    answer: pageOf(callSchema),
    async run({ db, accountId, wholeUrls }, { query: { limit, after, webhook, result } }) {
      const webhookId = webhook === undefined ? undefined : await findWebhook(db, accountId, webhook)
      if (webhook !== undefined && !webhookId) return missing('There is no such webhook.')
      const options = { filter: { webhookId, result }, cursor: cursorOf(after), size: limit, wholeUrls }
      const page = await readCallLog(db, accountId, options)
      const named = await nameWebhooks(
        db,
        accountId,
        page.rows.map((row) => row.webhookId),
      )
      return done(
        showPage('call', page, ({ id, deliveryId, webhookId: own, at, ...row }) => {
          const found = own === null ? undefined : named.get(own)
          return {
            ...row,
            id: showId('call', id),
            delivery: showId('delivery', deliveryId),
            webhook: found ? showReference(found) : null,
            at: showTime(at),
          }
        }),
      )
    },
  }),
  accountOperation({
    id: 'getCall',
    method: 'get',
    path: '/calls/{call}',
    tag,
    scope: 'read',
    summary: 'Read a call: its request, its answer, and what became of its delivery',
    params: z.object({ call: pathPart('The id of the call.', 'cal_01jdv3k8x2e5tazw0r7m6cq4bn') }),
    answer: callDetail,
    async run({ db, accountId, wholeUrls }, { params }) {
      const callId = readId('call', params.call)
      const detail = callId && (await readCall(db, accountId, callId))
      if (!detail) return gone
      const { call, event, body, state } = detail
      const named = await nameWebhooks(db, accountId, [call.webhookId])
      const found = call.webhookId === null ? undefined : named.get(call.webhookId)
      const { answer, url, request, response, attempts } = shownCall(detail, { whole: wholeUrls })
      return done({
        id: showId('call', call.id),
        delivery: showId('delivery', call.deliveryId),
        webhook: found ? showReference(found) : null,
        at: showTime(call.at),
        ruleName: detail.webhook.name,
        url,
        test: call.test,
        attempt: call.attempt,
        ...answer,
        durationMs: call.durationMs,
        event: event && showId('event', event.id),
        request: request ? { ...request, body } : null,
        response: response ? pick(response) : null,
        attempts: attempts.map(({ id, at, ...attempt }) => ({ ...attempt, id: showId('call', id), at: showTime(at) })),
        state: showState(state),
      })
    },
  }),
]

const pick = ({ headers: own, body, bytes, cut }: NonNullable<ReturnType<typeof shownCall>['response']>) => ({
  headers: own,
  body,
  bytes,
  cut,
})
