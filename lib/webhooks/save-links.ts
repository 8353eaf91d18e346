import { recordAudit } from '../accounts/audit'
import { raiseConfigVersion } from '../accounts/config-version'
import type { Database } from '../db/client'
import { done, type FormResult, refused } from '../form-result'
import { hasPassed } from '../test-fires/test-passes'
import { lockAccount } from './account-lock'
import { auditSubject } from './audit-subject'
import { addedSources, readLinks, refuseAdded, sameSources, wantedSources, writeLinks } from './linked-sources'
import { writeNextVersion } from './next-version'
import { readInForce } from './stored-content'
import { gone } from './update-webhook'
import type { WebhookForm } from './webhook-schema'

export type LinksEdit = {
  accountId: string
  userId: string | null
  webhookId: string
  /** The version that the page showed. */
  openedVersion: number
  sources: WebhookForm['sources']
}

/**
 * Saves which sources a stored webhook listens to, as a new version. Adding a source needs a test fire that passed, as in
 * the webhook's form. Refused when somebody saved another version since the page was opened.
 */
export async function saveLinks(
  db: Database,
  { accountId, userId, webhookId, openedVersion, sources }: LinksEdit,
): Promise<FormResult> {
  return db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const current = await readInForce(tx, accountId, webhookId)
    if (!current) return gone
    const { version, format, encoding, content } = current
    const wanted = wantedSources(sources)
    const links = await readLinks(tx, accountId, webhookId)
    if (sameSources(links, wanted)) return done(undefined)
    if (version !== openedVersion)
      return refused('Somebody else changed this WebHook since you opened it. Reload the page to see how it is now.')
    const refusal = await refuseAdded(tx, accountId, addedSources(links, wanted), () =>
      hasPassed(tx, accountId, { format, encoding, content, webhookId }),
    )
    if (refusal) return refusal
    await writeLinks(tx, accountId, webhookId, wanted, { tested: true })
    const next = await writeNextVersion(tx, accountId, userId, webhookId, { version, content })
    await raiseConfigVersion(tx, accountId)
    await recordAudit(tx, accountId, userId, 'webhook.updated', auditSubject(webhookId), {
      name: content.name,
      version: next,
      changed: ['sources'],
    })
    return done(undefined)
  })
}
