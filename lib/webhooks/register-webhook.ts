import { eq } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import { raiseConfigVersion } from '../accounts/config-version'
import type { Database } from '../db/client'
import { newId } from '../db/ids'
import { accounts, webhookSecrets, webhooks, webhookVersions } from '../db/schema'
import { done, type FormResult } from '../form-result'
import { formats } from '../formats/formats'
import { seal } from '../secrets/seal'
import { lockAccount } from './account-lock'
import { auditSubject } from './audit-subject'
import { nameKey } from './name-schema'
import type { Saved } from './save-result'
import { signingSecretPlace } from './seal-places'
import { catchTakenName, refuseTakenName } from './unique-name'
import { contentOfForm, sealContent } from './webhook-content'
import type { WebhookForm } from './webhook-schema'

/**
 * Registers a webhook, switched on, as version 1 with its secrets sealed. `form` is already parsed and its URL checked
 * (parse-webhook-form.ts). A taken name is refused at its field.
 */
export async function registerWebhook(
  db: Database,
  accountId: string,
  userId: string | null,
  form: WebhookForm,
): Promise<FormResult<Saved>> {
  const wanted = contentOfForm(form)
  if (!wanted.ok) return wanted
  const content = wanted.value
  return catchTakenName(content.name, () =>
    db.transaction(async (tx) => {
      const { nextWebhookNumber: number } = await lockAccount(tx, accountId)
      const taken = await refuseTakenName(tx, accountId, content.name)
      if (taken) return taken
      const webhookId = newId()
      await tx
        .update(accounts)
        .set({ nextWebhookNumber: number + 1 })
        .where(eq(accounts.id, accountId))
      await tx
        .insert(webhooks)
        .values({ accountId, id: webhookId, number, nameKey: nameKey(content.name), format: form.format, version: 1 })
      await tx
        .insert(webhookVersions)
        .values({ ...sealContent(content, { accountId, webhookId, version: 1 }), createdBy: userId })
      if (formats[form.format].secret)
        await tx.insert(webhookSecrets).values({
          accountId,
          webhookId,
          version: 1,
          sealed: seal(form.secret, signingSecretPlace(accountId, webhookId, 1)),
        })
      await raiseConfigVersion(tx, accountId)
      await recordAudit(tx, accountId, userId, 'webhook.registered', auditSubject(webhookId), {
        name: content.name,
        host: new URL(content.url).host,
        format: form.format,
      })
      return done({ webhookId })
    }),
  )
}
