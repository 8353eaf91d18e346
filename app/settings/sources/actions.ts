'use server'

import { refresh, revalidatePath } from 'next/cache'
import { answered, authorise, refuseMissing } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { done, type FormResult, invalid } from '@/lib/form-result'
import { archiveSource, createSource, updateSource } from '@/lib/sources/change-source'
import { readSource } from '@/lib/sources/source-queries'
import {
  type NewSourceForm,
  newSourceSchema,
  type SourceForm,
  type SourceWebhookForm,
  sourceSchema,
  sourceWebhookSchema,
} from '@/lib/sources/source-schema'
import { saveSourceWebhook } from '@/lib/sources/source-webhook'
import { type ListeningWebhook, webhooksOfSource } from '@/lib/sources/webhook-sources'
import { fireStored, type TestFireAnswer } from '@/lib/test-fires/test-fire-form'
import { showId } from '@/lib/type-id'
import { saveLinks } from '@/lib/webhooks/save-links'
import { formSourcesSchema, type WebhookForm } from '@/lib/webhooks/webhook-schema'
import * as z from '@/lib/zod'

const uuid = z.uuid()

export async function create(input: NewSourceForm): Promise<FormResult<{ address: string }>> {
  const { account, user } = await authorise('admin')
  const parsed = newSourceSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const made = await createSource(db(), { accountId: account.id, userId: user.id, source: parsed.data })
  if (!made.ok) return made
  revalidatePath('/settings/sources')
  return done({ address: `/settings/sources/${showId('source', made.value.sourceId)}` })
}

export async function update(id: string, input: SourceForm): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const parsed = sourceSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  return shown(
    await updateSource(db(), { accountId: account.id, userId: user.id, sourceId: uuid.parse(id), source: parsed.data }),
  )
}

export async function archive(id: string, archived: boolean): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  return shown(await archiveSource(db(), account.id, user.id, uuid.parse(id), z.boolean().parse(archived)))
}

export async function listeners(id: string): Promise<ListeningWebhook[]> {
  const { account } = await authorise('viewer')
  if (!(await readSource(db(), account.id, uuid.parse(id)))) return refuseMissing()
  return webhooksOfSource(db(), account.id, id)
}

/** The URL of a source's own Settings tab. */
export async function saveWebhook(id: string, input: SourceWebhookForm): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const parsed = sourceWebhookSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const saved = await saveSourceWebhook(db(), {
    accountId: account.id,
    userId: user.id,
    sourceId: uuid.parse(id),
    url: parsed.data.url,
  })
  return shown(saved.ok ? done(undefined) : saved)
}

/** Test-fires the WebHook of a source's own Settings tab, which then says that it is tested. */
export async function testFireWebhook(id: string): Promise<FormResult<TestFireAnswer>> {
  const { account } = await authorise('admin')
  const fired = await fireStored(db(), account.id, uuid.parse(id))
  refresh()
  return answered(fired)
}

/** Which sources a saved WebHook listens to; `version` is the one its page shows. */
export async function link(id: string, version: number, input: WebhookForm['sources']): Promise<FormResult> {
  const { account, user } = await authorise('admin')
  const parsed = formSourcesSchema.safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  return shown(
    await saveLinks(db(), {
      accountId: account.id,
      userId: user.id,
      webhookId: uuid.parse(id),
      openedVersion: z.int().parse(version),
      sources: parsed.data,
    }),
  )
}

function shown(result: FormResult): FormResult {
  if (result.ok) refresh()
  return answered(result)
}
