'use server'

import { revalidatePath } from 'next/cache'
import { answered, authorise, refuseMissing } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import type { FormResult } from '@/lib/form-result'
import { fireForm, type TestFireAnswer } from '@/lib/test-fires/test-fire-form'
import { readFormContext } from '@/lib/webhooks/form-context'
import type { OpenedLinks } from '@/lib/webhooks/linked-sources'
import { parseWebhookForm } from '@/lib/webhooks/parse-webhook-form'
import { registerWebhook } from '@/lib/webhooks/register-webhook'
import type { Saved } from '@/lib/webhooks/save-result'
import { revealSigningSecret } from '@/lib/webhooks/signing-secret'
import { gone, updateWebhook } from '@/lib/webhooks/update-webhook'
import { readWebhookForEdit } from '@/lib/webhooks/webhook-queries'
import type { WebhookForm } from '@/lib/webhooks/webhook-schema'
import * as z from '@/lib/zod'

const webhookId = z.uuid()
const openedLinksSchema = z.object({ mark: z.string(), words: z.string() })

/** Registers the form of a new WebHook; `_version` is null. */
export async function register(_version: null | number, values: WebhookForm): Promise<FormResult<Saved>> {
  const { account, user } = await authorise('admin')
  const parsed = await parseWebhookForm(values, await readFormContext(db(), account.id))
  if (!parsed.ok) return parsed
  return shown(await registerWebhook(db(), { accountId: account.id, userId: user.id, form: parsed.value }))
}

/** Saves an edit of the version and links that its form showed. */
export async function update(
  id: string,
  links: OpenedLinks,
  version: null | number,
  values: WebhookForm,
): Promise<FormResult<Saved>> {
  const { account, user } = await authorise('admin')
  const stored = await readWebhookForEdit(db(), account.id, webhookId.parse(id))
  if (!stored) return answered(gone)
  const parsed = await parseWebhookForm(values, await readFormContext(db(), account.id, stored))
  if (!parsed.ok) return parsed
  const opened = { version: z.int().parse(version), links: openedLinksSchema.parse(links) }
  return shown(
    await updateWebhook(db(), {
      accountId: account.id,
      userId: user.id,
      webhookId: stored.id,
      openedVersion: opened.version,
      form: parsed.value,
      openedLinks: opened.links,
    }),
  )
}

/** Test-fires the values of a form; `id` is null for one that was never saved. */
export async function testFireForm(
  id: string | null,
  values: unknown,
  sample: unknown,
): Promise<FormResult<TestFireAnswer>> {
  const { account } = await authorise('admin')
  const fired = await fireForm(db(), account.id, {
    webhookId: webhookId.nullable().parse(id),
    values: z.record(z.string(), z.unknown()).parse(values),
    sample,
  })
  return answered(fired)
}

export async function revealSecret(id: string): Promise<{ value: string }> {
  const { account, user } = await authorise('admin')
  const secret = await revealSigningSecret(db(), account.id, user.id, webhookId.parse(id))
  return secret ? { value: secret.reveal() } : refuseMissing()
}

/** Refreshes the list after a save. When nothing was saved it does not, so that the form keeps its values. */
function shown(result: FormResult<Saved>): FormResult<Saved> {
  if (result.ok && !result.value.conflict) revalidatePath('/settings/webhooks')
  return result
}
