import { externalIdSchema } from '../../accounts/account-limits'
import { done, refused } from '../../form-result'
import { etagOf, namesEtag } from '../../http/etag'
import { lockAccount } from '../../webhooks/account-lock'
import { deleteWebhook } from '../../webhooks/switch-webhook'
import { gone } from '../../webhooks/update-webhook'
import { listWebhookRecords, readWebhookRecord, type WebhookRecord } from '../../webhooks/webhook-records'
import * as z from '../../zod'
import { pageOf, pageQuery } from '../api-schemas'
import { findWebhook } from '../find-named'
import { type AccountCaller, type ApiResult, accountOperation, changedSince, type Operation } from '../operation'
import { changeTo, createFrom } from '../save-webhook'
import {
  createdWebhook,
  type GivenWebhook,
  newWebhook,
  showWebhook,
  webhookChange,
  webhookPath,
  webhookPut,
  webhookSchema,
} from '../webhook-schemas'

const tag = 'Webhooks'

const example = {
  name: 'Low ratings',
  url: 'https://www.example.com/hooks/feedback',
  format: 'standard',
  events: ['feedback.created'],
  condition: { kind: 'service', ratings: [1, 2] },
  metadata: { team: 'support' },
}

const shown = (result: ApiResult<WebhookRecord>, { wholeUrls }: AccountCaller) =>
  result.ok ? done(showWebhook(result.value, wholeUrls)) : result

export const webhookOperations: Operation[] = [
  accountOperation({
    id: 'listWebhooks',
    method: 'get',
    path: '/webhooks',
    tag,
    scope: 'read',
    summary: 'List webhooks',
    description: 'In the order in which they were registered.',
    query: pageQuery('webhook').extend({
      search: z.string().max(100).optional().meta({ description: 'A part of their names.' }),
    }),
    answer: pageOf(webhookSchema),
    async run({ db, accountId, wholeUrls }, { query: { limit, after, search } }) {
      const rows = await listWebhookRecords(db, accountId, { after, search, limit: limit + 1 })
      const data = rows.slice(0, limit).map((row) => showWebhook(row, wholeUrls))
      return done({ data, next: rows.length > limit ? (data.at(-1)?.id ?? null) : null })
    },
  }),
  accountOperation({
    id: 'createWebhook',
    method: 'post',
    path: '/webhooks',
    tag,
    scope: 'manage',
    summary: 'Create a webhook',
    description:
      'It is on at once. What is left out has the value of a new form; without `secret`, one is generated. The answer has ' +
      'the signing secret, which is not answered again.',
    body: newWebhook,
    examples: {
      full: { ...example, externalId: 'crm-all' },
      short: { name: 'All feedback', url: example.url },
    },
    answer: createdWebhook,
    status: 201,
    idempotent: true,
    etag: true,
    async run(caller, { body: { externalId, ...given } }) {
      const created = await createFrom(caller, given, externalId)
      if (!created.ok) return created
      const { record, secret } = created.value
      return done({ ...showWebhook(record, true), secret })
    },
  }),
  accountOperation({
    id: 'getWebhook',
    method: 'get',
    path: '/webhooks/{webhook}',
    tag,
    scope: 'read',
    summary: 'Read a webhook',
    params: webhookPath,
    answer: webhookSchema,
    etag: true,
    async run({ db, accountId, wholeUrls }, { params }) {
      const id = await findWebhook(db, accountId, params.webhook)
      const record = id && (await readWebhookRecord(db, accountId, id))
      return record ? done(showWebhook(record, wholeUrls)) : gone
    },
  }),
  accountOperation({
    id: 'putWebhook',
    method: 'put',
    path: '/webhooks/{webhook}',
    tag,
    scope: 'manage',
    summary: 'Create a webhook under the platform’s own id, or change it',
    description:
      'Afterwards it is as the body says. What is left out has the value of a new webhook; secrets that are left out are ' +
      'kept. Format and encoding stay as they were registered. `secret` is read only when the webhook is created, and ' +
      'the answer has it only then.',
    params: webhookPath,
    body: webhookPut,
    examples: { full: example },
    answer: webhookSchema.extend({ secret: z.string().nullable().optional() }).meta({ id: 'PutWebhook' }),
    etag: true,
    run: putWebhook,
  }),
  accountOperation({
    id: 'updateWebhook',
    method: 'patch',
    path: '/webhooks/{webhook}',
    tag,
    scope: 'manage',
    summary: 'Change a webhook',
    description: 'Only what is given changes. `headers`, `sources` and `metadata` are replaced as a whole.',
    params: webhookPath,
    body: webhookChange,
    examples: { url: { url: 'https://www.example.com/hooks/feedback-2' }, metadata: { metadata: { team: 'sales' } } },
    answer: webhookSchema,
    etag: true,
    async run(caller, { params, body, ifMatch }) {
      const webhookId = await findWebhook(caller.db, caller.accountId, params.webhook)
      if (!webhookId) return gone
      return shown(await changeTo(caller, { webhookId, given: body, ifMatch, absent: 'kept' }), caller)
    },
  }),
  accountOperation({
    id: 'deleteWebhook',
    method: 'delete',
    path: '/webhooks/{webhook}',
    tag,
    scope: 'manage',
    summary: 'Delete a webhook',
    description: 'What is queued for it is cancelled. Its past calls stay.',
    params: webhookPath,
    answer: z.object({ cancelled: z.int().meta({ description: 'How many queued deliveries were cancelled.' }) }),
    etag: true,
    async run({ db, accountId }, { params, ifMatch }) {
      const webhookId = await findWebhook(db, accountId, params.webhook)
      if (!webhookId) return gone
      return db.transaction(async (tx) => {
        await lockAccount(tx, accountId)
        const current = ifMatch === null ? undefined : await readWebhookRecord(tx, accountId, webhookId)
        if (current && !namesEtag(ifMatch as string, etagOf(showWebhook(current, true)))) return changedSince
        const deleted = await deleteWebhook(tx, accountId, null, webhookId)
        return deleted.outcome === 'gone' ? gone : done({ cancelled: deleted.cancelled })
      })
    },
  }),
]

async function putWebhook(
  caller: AccountCaller,
  {
    params: { webhook: name },
    body,
    ifMatch,
  }: { params: { webhook: string }; body: GivenWebhook; ifMatch: string | null },
) {
  const webhookId = await findWebhook(caller.db, caller.accountId, name)
  if (webhookId) return shown(await changeTo(caller, { webhookId, given: body, ifMatch, absent: 'usual' }), caller)
  if (ifMatch !== null) return changedSince
  const own = externalIdSchema.safeParse(name)
  if (!own.success) return name.startsWith('whk_') ? gone : refused(own.error.issues[0]?.message ?? '', 'webhook')
  const created = await createFrom(caller, body, name)
  return created.ok ? done({ ...showWebhook(created.value.record, true), secret: created.value.secret }) : created
}
