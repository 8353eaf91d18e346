import { and, eq } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import { raiseConfigVersion } from '../accounts/config-version'
import type { Database } from '../db/client'
import { webhooks, webhookVersions } from '../db/schema'
import { done, type FormResult, refused } from '../form-result'
import { lockAccount } from './account-lock'
import { auditSubject } from './audit-subject'
import { nameKey } from './name-schema'
import type { Saved } from './save-result'
import { readVersion, versionInForce } from './stored-content'
import { catchTakenName, refuseTakenName } from './unique-name'
import { contentOfForm, sealContent } from './webhook-content'
import { changedParts, conflicts } from './webhook-differences'
import type { WebhookForm } from './webhook-schema'

/**
 * Saves an edit as a new version; secrets that the form keeps are sealed again for it. `openedVersion` is the version
 * the form showed: when somebody saved since and this save would undo some of it, answers the conflict and saves nothing.
 * An edit that changes nothing makes no version.
 */
export async function updateWebhook(
  db: Database,
  accountId: string,
  userId: string | null,
  webhookId: string,
  openedVersion: number,
  form: WebhookForm,
): Promise<FormResult<Saved>> {
  return catchTakenName(form.name, () =>
    db.transaction(async (tx): Promise<FormResult<Saved>> => {
      await lockAccount(tx, accountId)
      const inForce = await versionInForce(tx, accountId, webhookId)
      if (!inForce) return gone
      const { version } = inForce
      const current = await readVersion(tx, accountId, webhookId, version)
      const opened = openedVersion === version ? current : await readVersion(tx, accountId, webhookId, openedVersion)
      if (!current || !opened) return gone

      const wanted = contentOfForm(form, current.content)
      if (!wanted.ok) return wanted
      const content = wanted.value
      const differences = conflicts(opened.content, current.content, content)
      if (differences.length > 0)
        return done({
          webhookId,
          conflict: { version, by: current.by, at: current.createdAt.toISOString(), differences },
        })
      const taken = await refuseTakenName(tx, accountId, content.name, webhookId)
      if (taken) return taken
      const changed = changedParts(current.content, content)
      if (changed.length === 0) return done({ webhookId })

      const place = { accountId, webhookId, version: version + 1 }
      await tx.insert(webhookVersions).values({ ...sealContent(content, place), createdBy: userId })
      await tx
        .update(webhooks)
        .set({ version: version + 1, nameKey: nameKey(content.name) })
        .where(and(eq(webhooks.accountId, accountId), eq(webhooks.id, webhookId)))
      await raiseConfigVersion(tx, accountId)
      await recordAudit(tx, accountId, userId, 'webhook.updated', auditSubject(webhookId), {
        name: content.name,
        host: new URL(content.url).host,
        version: version + 1,
        changed,
      })
      return done({ webhookId })
    }),
  )
}

export const gone = refused(
  'This WebHook was deleted in the meantime. Go back to the list; register it anew if you still need it.',
)
