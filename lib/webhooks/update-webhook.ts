import { recordAudit } from '../accounts/audit'
import { raiseConfigVersion } from '../accounts/config-version'
import type { Transactional } from '../db/client'
import { done, type FormResult, missing } from '../form-result'
import { hasPassed } from '../test-fires/test-passes'
import { lockAccount } from './account-lock'
import { auditSubject } from './audit-subject'
import {
  addedSources,
  linkConflict,
  type OpenedLinks,
  readLinks,
  refuseAdded,
  sameSources,
  wantedSources,
  writeLinks,
} from './linked-sources'
import { writeNextVersion } from './next-version'
import { setRateLimit } from './rate-limit'
import type { Saved } from './save-result'
import { readInForce, readVersion } from './stored-content'
import { catchTakenName, refuseTakenName } from './unique-name'
import { contentOfForm } from './webhook-content'
import { changedParts, conflicts } from './webhook-differences'
import type { WebhookForm } from './webhook-schema'

export type Edit = {
  accountId: string
  userId: string | null
  webhookId: string
  /** Already parsed, its URL checked (parse-webhook-form.ts). */
  form: WebhookForm
  /** The version that the form showed. */
  openedVersion: number
  /** The linked sources that the form showed. When absent, they are not compared with what others changed meanwhile. */
  openedLinks?: OpenedLinks
  /** Links sources without a test fire that passed, as the API does. */
  untested?: boolean
}

/**
 * Saves an edit as a new version. Secrets that the form leaves empty are kept and sealed again. If somebody saved since
 * the form was opened and this edit would undo part of it, returns the conflict and saves nothing. An edit that changes
 * nothing makes no version. Adding a source needs a test fire that passed.
 */
export async function updateWebhook(
  db: Transactional,
  { accountId, userId, webhookId, form, openedVersion, openedLinks, untested = false }: Edit,
): Promise<FormResult<Saved>> {
  return catchTakenName(form.name, () =>
    db.transaction(async (tx): Promise<FormResult<Saved>> => {
      await lockAccount(tx, accountId)
      const current = await readInForce(tx, accountId, webhookId)
      if (!current) return gone
      const { version, format, encoding } = current
      const opened = openedVersion === version ? current : await readVersion(tx, accountId, webhookId, openedVersion)
      if (!opened) return gone

      const wanted = contentOfForm(form, current.content)
      if (!wanted.ok) return wanted
      const content = wanted.value
      const sources = wantedSources(form.sources)
      const links = await readLinks(tx, accountId, webhookId)
      const differences = conflicts(opened.content, current.content, content)
      if (openedVersion !== version && openedLinks)
        differences.push(...(await linkConflict(tx, accountId, openedLinks, links, sources)))
      if (differences.length > 0)
        return done({
          webhookId,
          conflict: { version, by: current.by, at: current.createdAt.toISOString(), differences },
        })
      const taken = await refuseTakenName(tx, accountId, content.name, webhookId)
      if (taken) return taken
      const relinked = !sameSources(links, sources)
      const changed = [...changedParts(current.content, content), ...(relinked ? ['sources'] : [])]
      if (changed.length === 0) return done({ webhookId })
      const refusal = await refuseAdded(
        tx,
        accountId,
        addedSources(links, sources),
        async () => untested || hasPassed(tx, accountId, { format, encoding, content, webhookId }),
      )
      if (refusal) return refusal

      if (relinked) await writeLinks(tx, accountId, webhookId, sources, { tested: !untested })
      const next = await writeNextVersion(tx, accountId, userId, webhookId, { version, content })
      await setRateLimit(tx, accountId, webhookId, content.ratePerMinute)
      await raiseConfigVersion(tx, accountId)
      await recordAudit(tx, accountId, userId, 'webhook.updated', auditSubject(webhookId), {
        name: content.name,
        host: new URL(content.url).host,
        version: next,
        changed,
      })
      return done({ webhookId })
    }),
  )
}

export const gone = missing(
  'This WebHook was deleted in the meantime. Go back to the list; register it anew if you still need it.',
)
