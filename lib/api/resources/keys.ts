import { apiKeyFormSchema, apiScopes, keyEnds, rotationDays } from '../../accounts/api-key-schema'
import {
  type ApiKey,
  createApiKey,
  listApiKeys,
  refuseWider,
  revokeApiKey,
  rotateApiKey,
} from '../../accounts/api-keys'
import { done, missing } from '../../form-result'
import { readId, showId } from '../../type-id'
import { readPreSharedKeyState, removePreSharedKey, setPreSharedKey } from '../../webhooks/pre-shared-key'
import { preSharedKeySchema } from '../../webhooks/webhook-schema'
import * as z from '../../zod'
import { pageOf, pathPart, shownId, shownTime, showTime, showTimeOrNull } from '../api-schemas'
import { type AccountCaller, accountOperation, type Operation } from '../operation'

const tag = 'Keys'
const gone = missing('There is no such key, or it was revoked.')
const path = z.object({ key: pathPart('The id of the API key.', 'key_01jdv3k8x2e5tazw0r7m6cq4bn') })

const keyAnswer = z
  .object({
    id: shownId('apiKey'),
    name: z.string(),
    prefix: z.string().meta({ description: 'Its public part, by which people tell keys apart.' }),
    scopes: z.array(z.enum(apiScopes)),
    createdAt: shownTime,
    lastUsedAt: shownTime.nullable().meta({ description: 'Up to an hour too early.' }),
    lastUsedFrom: z.string().nullable(),
    expiresAt: shownTime.nullable(),
  })
  .meta({ id: 'ApiKey' })

const madeKey = z.object({
  id: shownId('apiKey'),
  key: z.string().meta({ description: 'The key, which is not answered again.' }),
})

const preSharedKeyAnswer = z
  .object({
    set: z.boolean(),
    version: z.int().nullable(),
    since: shownTime.nullable(),
  })
  .meta({ id: 'PreSharedKey', description: 'The key itself is never answered.' })

const show = ({ id, expired: _, createdAt, lastUsedAt, expiresAt, ...key }: ApiKey) => ({
  ...key,
  id: showId('apiKey', id),
  createdAt: showTime(createdAt),
  lastUsedAt: showTimeOrNull(lastUsedAt),
  expiresAt: showTimeOrNull(expiresAt),
})

async function readState({ db, accountId }: AccountCaller) {
  const state = await readPreSharedKeyState(db, accountId)
  return done({
    set: state !== undefined,
    version: state?.version ?? null,
    since: showTimeOrNull(state?.since ?? null),
  })
}

export const keyOperations: Operation[] = [
  accountOperation({
    id: 'listApiKeys',
    method: 'get',
    path: '/api-keys',
    tag,
    scope: 'read',
    summary: 'List the API keys that are not revoked, newest first',
    answer: pageOf(keyAnswer),
    run: async ({ db, accountId }) => done({ data: (await listApiKeys(db, accountId)).map(show), next: null }),
  }),
  accountOperation({
    id: 'createApiKey',
    method: 'post',
    path: '/api-keys',
    tag,
    scope: 'manage',
    summary: 'Create an API key',
    description: 'A key makes no key that may do more, ends later or has a higher limit than itself.',
    body: apiKeyFormSchema
      .strict()
      .extend({ ends: apiKeyFormSchema.shape.ends.default('never') })
      .meta({ id: 'NewApiKey' }),
    examples: { read: { name: 'Reporting', scopes: ['read'], ends: '90' } },
    answer: madeKey,
    status: 201,
    idempotent: true,
    async run({ db, accountId, key: maker }, { body: { name, scopes, ends } }) {
      const wider = refuseWider(maker, scopes)
      if (wider) return wider
      const { id, key } = await createApiKey(db, accountId, null, { name, scopes, days: keyEnds[ends], maker })
      return done({ id: showId('apiKey', id), key })
    },
  }),
  accountOperation({
    id: 'rotateApiKey',
    method: 'post',
    path: '/api-keys/{key}/rotate',
    tag,
    scope: 'manage',
    summary: 'Make the API key that takes another one’s place',
    description: 'Both work until the old one ends.',
    params: path,
    body: z.strictObject({ days: z.literal(rotationDays).default(7) }),
    bodyOptional: true,
    examples: { week: { days: 7 } },
    answer: madeKey,
    status: 201,
    idempotent: true,
    async run({ db, accountId, key: maker }, { params, body }) {
      const id = readId('apiKey', params.key)
      if (!id) return gone
      const rotated = await rotateApiKey(db, { accountId, userId: null, id }, body.days, maker)
      return rotated.ok ? done({ id: showId('apiKey', rotated.value.id), key: rotated.value.key }) : rotated
    },
  }),
  accountOperation({
    id: 'revokeApiKey',
    method: 'delete',
    path: '/api-keys/{key}',
    tag,
    scope: 'manage',
    summary: 'Revoke an API key: later requests with it are refused',
    params: path,
    async run({ db, accountId }, { params }) {
      const id = readId('apiKey', params.key)
      return id && (await revokeApiKey(db, accountId, null, id)) ? done(undefined) : gone
    },
  }),
  accountOperation({
    id: 'getPreSharedKey',
    method: 'get',
    path: '/pre-shared-key',
    tag,
    scope: 'read',
    summary: 'Read whether a pre-shared key is set',
    answer: preSharedKeyAnswer,
    run: readState,
  }),
  accountOperation({
    id: 'setPreSharedKey',
    method: 'put',
    path: '/pre-shared-key',
    tag,
    scope: 'manage',
    summary: 'Set the pre-shared key for events from now on',
    body: preSharedKeySchema.strict(),
    examples: { key: { key: 'a-key-that-the-receiver-knows' } },
    answer: preSharedKeyAnswer,
    async run(caller, { body }) {
      await setPreSharedKey(caller.db, caller.accountId, null, body.key)
      return readState(caller)
    },
  }),
  accountOperation({
    id: 'removePreSharedKey',
    method: 'delete',
    path: '/pre-shared-key',
    tag,
    scope: 'manage',
    summary: 'Remove the pre-shared key for events from now on',
    async run({ db, accountId }) {
      await removePreSharedKey(db, accountId, null)
      return done(undefined)
    },
  }),
]
