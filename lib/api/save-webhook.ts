import type { Metadata } from '../accounts/account-limits'
import { readAccountLimits } from '../accounts/account-limits-query'
import { refused } from '../form-result'
import { etagOf, namesEtag } from '../http/etag'
import { lockAccount } from '../webhooks/account-lock'
import { readFormContext } from '../webhooks/form-context'
import { editFormValues, newFormValues } from '../webhooks/form-defaults'
import { parseWebhookForm } from '../webhooks/parse-webhook-form'
import { changeMetadata, isExternalIdTaken } from '../webhooks/platform-data'
import { registerWebhook } from '../webhooks/register-webhook'
import { generateSecrets } from '../webhooks/signing-secret'
import { gone, updateWebhook } from '../webhooks/update-webhook'
import { readWebhookForEdit } from '../webhooks/webhook-queries'
import { readWebhookRecord, type WebhookRecord } from '../webhooks/webhook-records'
import type { WebhookForm, WebhookFormInput } from '../webhooks/webhook-schema'
import { type AccountCaller, type ApiResult, changedSince, conflict } from './operation'
import { type GivenWebhook, showWebhook } from './webhook-schemas'

// Saves what a request says of a webhook, through the same schema and functions as the form.

/** Registers a webhook. What is left out has the values of a new form. */
export async function createFrom(
  { db, accountId }: AccountCaller,
  given: GivenWebhook,
  externalId: string | undefined,
): Promise<ApiResult<{ record: WebhookRecord; secret: string | null }>> {
  const { metadata, ...fields } = given
  const values = newFormValues(fields.format)
  const { retries = values.retries } = await readAccountLimits(db, accountId)
  const secret = fields.secret ?? generateSecrets()[values.format] ?? ''
  const parsed = await parseWebhookForm(
    { ...values, retries, ...formFields(fields), secret },
    await readFormContext(db, accountId),
  )
  if (!parsed.ok) return parsed
  return db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    if (externalId !== undefined && (await isExternalIdTaken(tx, accountId, externalId)))
      return { ...refused('Another webhook has this id.', 'externalId'), status: 409 as const }
    const form = parsed.value
    const saved = await registerWebhook(tx, { accountId, userId: null, form, untested: true, externalId, metadata })
    if (!saved.ok) return saved
    const record = await readWebhookRecord(tx, accountId, saved.value.webhookId)
    return { ok: true, value: { record: record as WebhookRecord, secret: secret || null } }
  })
}

type Change = {
  webhookId: string
  given: GivenWebhook
  ifMatch: string | null
  /** What is left out: kept, or set to the value of a new webhook. Secrets are kept either way. */
  absent: 'kept' | 'usual'
}

/** Changes a webhook, or refuses because it is not in the state that If-Match names. */
export async function changeTo(
  { db, accountId }: AccountCaller,
  { webhookId, given, ifMatch, absent }: Change,
): Promise<ApiResult<WebhookRecord>> {
  const stored = await readWebhookForEdit(db, accountId, webhookId)
  if (!stored) return gone
  const { metadata, ...fields } = given
  const before = absent === 'kept' ? editFormValues(stored) : usualValues(stored)
  const context = await readFormContext(db, accountId, stored)
  const parsed = await parseWebhookForm({ ...before, ...formFields(fields) }, context)
  if (!parsed.ok) return parsed
  return db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const current = await readWebhookRecord(tx, accountId, webhookId)
    if (!current) return gone
    if (ifMatch !== null && !namesEtag(ifMatch, etagOf(showWebhook(current, true)))) return changedSince
    const edit = { accountId, userId: null, webhookId, openedVersion: stored.version, untested: true }
    const saved = await updateWebhook(tx, { ...edit, form: parsed.value as WebhookForm })
    if (!saved.ok) return saved
    if (saved.value.conflict) return conflict('Somebody else changed this webhook at the same time. Read it again.')
    const kept = absent === 'kept' ? metadata : (metadata ?? ({} as Metadata))
    if (kept) await changeMetadata(tx, { accountId, userId: null, webhookId }, kept)
    return { ok: true, value: (await readWebhookRecord(tx, accountId, webhookId)) as WebhookRecord }
  })
}

type Stored = NonNullable<Awaited<ReturnType<typeof readWebhookForEdit>>>

const usualValues = (stored: Stored) => ({ ...newFormValues(stored.format), encoding: stored.encoding })

/** The fields as the form has them. */
function formFields({ headers, ...fields }: Omit<GivenWebhook, 'metadata'>): Partial<WebhookFormInput> {
  if (!headers) return fields
  return {
    ...fields,
    headers: headers.map(({ name, value }) => ({ name, value: value ?? '', kept: value === undefined })),
  }
}
