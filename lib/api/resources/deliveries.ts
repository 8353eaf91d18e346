import { readDeliveryStates } from '../../calls/delivery-states'
import { cancelDelivery } from '../../deliveries/cancel-delivery'
import { listDeliveries, readDelivery } from '../../deliveries/list-deliveries'
import { sendAgain } from '../../deliveries/send-again'
import { tryDeliveryNow } from '../../deliveries/try-now'
import { cancelledResult, sentAgainResult, triedNowResult } from '../../deliveries/words'
import { done, type FormResult, missing } from '../../form-result'
import { readId, showId } from '../../type-id'
import { nameWebhooks } from '../../webhooks/webhook-records'
import * as z from '../../zod'
import { refusedAsConflict } from '../answer'
import { cursorOf, pageOf, pageQuery, pathPart, shownId, shownTime, showTime } from '../api-schemas'
import { progressSchema, showProgress } from '../delivery-schemas'
import { findWebhook } from '../find-named'
import { type AccountCaller, type ApiResult, accountOperation, type Operation } from '../operation'
import { showReference, webhookReference } from '../webhook-schemas'

const tag = 'Deliveries'
const gone = missing('There is no such delivery, or it is older than the history that this hub keeps.')

const deliverySchema = progressSchema
  .extend({
    id: shownId('delivery'),
    madeAt: shownTime,
    event: shownId('event'),
    webhook: webhookReference,
    feedbackVersion: z.int().nullable(),
  })
  .meta({ id: 'Delivery' })

type Row = Awaited<ReturnType<typeof listDeliveries>>['rows'][number]

async function show({ db, accountId }: AccountCaller, rows: Row[]): Promise<z.input<typeof deliverySchema>[]> {
  const ids = rows.map(({ id }) => id)
  const [states, named] = await Promise.all([
    readDeliveryStates(db, accountId, ids),
    nameWebhooks(
      db,
      accountId,
      rows.map(({ webhookId }) => webhookId),
    ),
  ])
  return rows.flatMap(({ id, at, eventId, webhookId, feedbackVersion }) => {
    const [state, webhook] = [states.get(id), named.get(webhookId)]
    if (!state || !webhook) return []
    return {
      id: showId('delivery', id),
      madeAt: showTime(at),
      event: showId('event', eventId),
      webhook: showReference(webhook),
      feedbackVersion,
      ...showProgress(state),
    }
  })
}

const path = z.object({
  delivery: pathPart('The id of the delivery: `webhook-id` of its calls.', 'dlv_01jdv3k8x2e5tazw0r7m6cq4bn'),
})

/** Does something with the delivery of the address, and answers it as it is then. */
async function after(
  caller: AccountCaller,
  name: string,
  act: (deliveryId: string) => Promise<{ outcome: string; result: FormResult }>,
): Promise<ApiResult<z.input<typeof deliverySchema>>> {
  const id = readId('delivery', name)
  if (!id) return gone
  const { outcome, result } = await act(id)
  if (outcome === 'gone') return gone
  if (!result.ok) return refusedAsConflict(result)
  const row = await readDelivery(caller.db, caller.accountId, id)
  const [shown] = row ? await show(caller, [row]) : []
  return shown ? done(shown) : gone
}

export const deliveryOperations: Operation[] = [
  accountOperation({
    id: 'listDeliveries',
    method: 'get',
    path: '/deliveries',
    tag,
    scope: 'read',
    summary: 'List deliveries, newest first',
    description: 'Of one webhook, a page may be short, or empty, and have a further page: a search is bounded.',
    query: pageQuery('delivery').extend({
      webhook: z
        .string()
        .max(200)
        .optional()
        .meta({ description: 'The id of a webhook, or the platform’s own id of it.' }),
    }),
    answer: pageOf(deliverySchema),
    async run(caller, { query: { limit, after: cursor, webhook } }) {
      const { db, accountId } = caller
      const webhookId = webhook === undefined ? undefined : await findWebhook(db, accountId, webhook)
      if (webhook !== undefined && !webhookId) return missing('There is no such webhook.')
      const page = await listDeliveries(db, accountId, { webhookId, cursor: cursorOf(cursor), size: limit })
      return done({ data: await show(caller, page.rows), next: page.next && showId('delivery', page.next) })
    },
  }),
  accountOperation({
    id: 'getDelivery',
    method: 'get',
    path: '/deliveries/{delivery}',
    tag,
    scope: 'read',
    summary: 'Read a delivery and its state',
    params: path,
    answer: deliverySchema,
    async run(caller, { params }) {
      const id = readId('delivery', params.delivery)
      const row = id && (await readDelivery(caller.db, caller.accountId, id))
      const [shown] = row ? await show(caller, [row]) : []
      return shown ? done(shown) : gone
    },
  }),
  accountOperation({
    id: 'sendDeliveryAgain',
    method: 'post',
    path: '/deliveries/{delivery}/send-again',
    tag,
    scope: 'manage',
    summary: 'Send an ended delivery again: the same id and body, a fresh round of the schedule',
    params: path,
    answer: deliverySchema,
    status: 202,
    run: (caller, { params }) =>
      after(caller, params.delivery, async (id) => {
        const sent = await sendAgain(caller.db, caller.accountId, null, id)
        return { outcome: sent.outcome, result: sentAgainResult(sent) }
      }),
  }),
  accountOperation({
    id: 'tryDeliveryNow',
    method: 'post',
    path: '/deliveries/{delivery}/try-now',
    tag,
    scope: 'manage',
    summary: 'Send a waiting delivery now',
    params: path,
    answer: deliverySchema,
    status: 202,
    run: (caller, { params }) =>
      after(caller, params.delivery, async (id) => {
        const tried = await tryDeliveryNow(caller.db, caller.accountId, null, id)
        return { outcome: tried.outcome, result: triedNowResult(tried) }
      }),
  }),
  accountOperation({
    id: 'cancelDelivery',
    method: 'post',
    path: '/deliveries/{delivery}/cancel',
    tag,
    scope: 'manage',
    summary: 'Cancel a waiting delivery',
    params: path,
    answer: deliverySchema,
    run: (caller, { params }) =>
      after(caller, params.delivery, async (id) => {
        const cancelled = await cancelDelivery(caller.db, caller.accountId, null, id)
        return { outcome: cancelled.outcome, result: cancelledResult(cancelled) }
      }),
  }),
]
