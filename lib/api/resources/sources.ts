import { sourceKinds } from '../../events/event-types'
import { done, missing } from '../../form-result'
import { etagOf, namesEtag } from '../../http/etag'
import { archiveSource, createSource, updateSource } from '../../sources/change-source'
import { listSources, readSource, type SourceDetail } from '../../sources/source-queries'
import { newSourceSchema, sourceSchema, vendorIdsSchema } from '../../sources/source-schema'
import { readId, showId } from '../../type-id'
import { lockAccount } from '../../webhooks/account-lock'
import * as z from '../../zod'
import { cursorOf, pageOf, pageQuery, pathPart, shownId, shownTime, showPage, showTime } from '../api-schemas'
import { accountOperation, changedSince, type Operation } from '../operation'

const tag = 'Sources'
const gone = missing('There is no such source.')
const path = z.object({ source: pathPart('The id of the source.', 'src_01jdv3k8x2e5tazw0r7m6cq4bn') })

const sourceAnswer = z
  .object({
    id: shownId('source'),
    key: z.string(),
    name: z.string(),
    kind: z.enum(sourceKinds),
    archived: z.boolean(),
    vendorIds: z.object({
      thermometerId: z.int().optional(),
      wootricSurveyId: z.int().optional(),
      rateupSurveyId: z.string().optional(),
    }),
    createdAt: shownTime,
  })
  .meta({ id: 'Source' })

const show = ({ id, key, name, kind, archived, vendorIds, createdAt }: SourceDetail) => ({
  id: showId('source', id),
  key,
  name,
  kind,
  archived,
  vendorIds,
  createdAt: showTime(createdAt),
})

const change = z
  .strictObject({ ...sourceSchema.shape, vendorIds: vendorIdsSchema.strict(), archived: z.boolean() })
  .partial()
  .meta({ id: 'SourceChange' })

export const sourceOperations: Operation[] = [
  accountOperation({
    id: 'listSources',
    method: 'get',
    path: '/sources',
    tag,
    scope: 'read',
    summary: 'List sources by name',
    query: pageQuery('source').extend({
      search: z.string().trim().max(200).default('').meta({ description: 'A part of their names or keys.' }),
      kind: z.enum(sourceKinds).optional(),
      archived: z.enum(['true', 'false']).default('false'),
    }),
    answer: pageOf(sourceAnswer),
    async run({ db, accountId }, { query: { limit, after, search, kind, archived } }) {
      const filter = { search, kind, archived: archived === 'true' }
      return done(showPage('source', await listSources(db, accountId, filter, cursorOf(after), limit), show))
    },
  }),
  accountOperation({
    id: 'createSource',
    method: 'post',
    path: '/sources',
    tag,
    scope: 'manage',
    summary: 'Create a source before its first event',
    body: newSourceSchema.strict().meta({ id: 'NewSource' }),
    examples: { email: { key: 'ticket-closed', name: 'Ticket closed', kind: 'email' } },
    answer: sourceAnswer,
    status: 201,
    idempotent: true,
    etag: true,
    async run({ db, accountId }, { body }) {
      const made = await createSource(db, { accountId, userId: null, source: body })
      if (!made.ok) return made
      const source = await readSource(db, accountId, made.value.sourceId)
      return source ? done(show(source)) : gone
    },
  }),
  accountOperation({
    id: 'getSource',
    method: 'get',
    path: '/sources/{source}',
    tag,
    scope: 'read',
    summary: 'Read a source',
    params: path,
    answer: sourceAnswer,
    etag: true,
    async run({ db, accountId }, { params }) {
      const id = readId('source', params.source)
      const source = id && (await readSource(db, accountId, id))
      return source ? done(show(source)) : gone
    },
  }),
  accountOperation({
    id: 'updateSource',
    method: 'patch',
    path: '/sources/{source}',
    tag,
    scope: 'manage',
    summary: 'Change a source, archive it or bring it back',
    description: 'Only what is given changes; `vendorIds` is replaced as a whole. The key never changes.',
    params: path,
    body: change,
    examples: { name: { name: 'Ticket closed (e-mail)' } },
    answer: sourceAnswer,
    etag: true,
    async run({ db, accountId }, { params, body: { archived, ...given }, ifMatch }) {
      const sourceId = readId('source', params.source)
      if (!sourceId) return gone
      return db.transaction(async (tx) => {
        await lockAccount(tx, accountId)
        const before = await readSource(tx, accountId, sourceId)
        if (!before) return gone
        if (ifMatch !== null && !namesEtag(ifMatch, etagOf(show(before)))) return changedSince
        const { name, kind, vendorIds } = { ...before, ...given }
        const saved = await updateSource(tx, { accountId, userId: null, sourceId, source: { name, kind, vendorIds } })
        if (!saved.ok) return saved
        if (archived !== undefined) await archiveSource(tx, accountId, null, sourceId, archived)
        return done(show((await readSource(tx, accountId, sourceId)) as SourceDetail))
      })
    },
  }),
]
