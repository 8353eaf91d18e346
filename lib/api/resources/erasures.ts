import { erasureKeys, erasureSchema } from '../../erasure/erasure-schema'
import { listErasures, readErasure, type ShownErasure, startErasure } from '../../erasure/erasures'
import { done, missing } from '../../form-result'
import { readId, showId } from '../../type-id'
import * as z from '../../zod'
import { pageOf, pageQuery, pathPart, shownId, shownTime, showTime, showTimeOrNull } from '../api-schemas'
import { accountOperation, type Operation } from '../operation'

const tag = 'Erasures'

const erasureAnswer = z
  .object({
    id: shownId('erasure'),
    by: z.enum(erasureKeys),
    state: z.enum(['counting', 'counted', 'erasing', 'done', 'withdrawn']),
    found: z.object({ feedback: z.int(), declines: z.int(), messages: z.int(), events: z.int() }),
    erased: z.object({ deliveries: z.int(), calls: z.int(), cancelled: z.int() }),
    progress: z.int().meta({ description: 'How far its state is, in whole percent.' }),
    createdAt: shownTime,
    finishedAt: shownTime.nullable(),
  })
  .meta({ id: 'Erasure', description: 'It does not say whom it is about.' })

const show = ({ id, createdAt, finishedAt, ...erasure }: ShownErasure) => ({
  ...erasure,
  id: showId('erasure', id),
  createdAt: showTime(createdAt),
  finishedAt: showTimeOrNull(finishedAt),
})

export const erasureOperations: Operation[] = [
  accountOperation({
    id: 'eraseCustomer',
    method: 'post',
    path: '/erasures',
    tag,
    scope: 'manage',
    summary: 'Erase a customer',
    description:
      'Begins at once and asks for no confirmation. Feedback is deleted, what was sent and answered about it is ' +
      'overwritten, and what is queued is cancelled. Ids, times and results stay.',
    body: erasureSchema.strict().meta({ id: 'NewErasure' }),
    examples: { email: { by: 'email', value: 'priya@example.net' } },
    answer: erasureAnswer,
    status: 202,
    idempotent: true,
    async run({ db, accountId }, { body }) {
      const id = await startErasure(db, accountId, null, body, { confirmed: true })
      const erasure = await readErasure(db, accountId, id)
      return erasure ? done(show(erasure)) : missing('There is no such erasure.')
    },
  }),
  accountOperation({
    id: 'listErasures',
    method: 'get',
    path: '/erasures',
    tag,
    scope: 'read',
    summary: 'List erasures, newest first',
    query: pageQuery('erasure'),
    answer: pageOf(erasureAnswer),
    async run({ db, accountId }, { query: { limit, after } }) {
      const rows = await listErasures(db, accountId, { after, limit: limit + 1 })
      const data = rows.slice(0, limit).map(show)
      return done({ data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null })
    },
  }),
  accountOperation({
    id: 'getErasure',
    method: 'get',
    path: '/erasures/{erasure}',
    tag,
    scope: 'read',
    summary: 'Read how far an erasure is',
    params: z.object({ erasure: pathPart('The id of the erasure.', 'ers_01jdv3k8x2e5tazw0r7m6cq4bn') }),
    answer: erasureAnswer,
    async run({ db, accountId }, { params }) {
      const id = readId('erasure', params.erasure)
      const erasure = id && (await readErasure(db, accountId, id))
      return erasure ? done(show(erasure)) : missing('There is no such erasure.')
    },
  }),
]
