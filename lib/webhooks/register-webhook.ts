import { eq, sql } from 'drizzle-orm'
import type { Metadata } from '../accounts/account-limits'
import { recordAudit } from '../accounts/audit'
import { raiseConfigVersion } from '../accounts/config-version'
import type { Queryable, Transactional } from '../db/client'
import { newId } from '../db/ids'
import { accounts, webhookSecrets, webhooks, webhookVersions } from '../db/schema'
import { done, type FormResult, refused } from '../form-result'
import { formats } from '../formats/formats'
import { seal } from '../secrets/seal'
import { hasPassed } from '../test-fires/test-passes'
import { lockAccount } from './account-lock'
import { auditSubject } from './audit-subject'
import { refuseAdded, wantedSources, writeLinks } from './linked-sources'
import { nameKey } from './name-schema'
import { setRateLimit } from './rate-limit'
import type { Saved } from './save-result'
import { signingSecretPlace } from './seal-places'
import { catchTakenName, refuseTakenName } from './unique-name'
import { contentOfForm, sealContent } from './webhook-content'
import { countWebhooks } from './webhook-queries'
import type { WebhookForm } from './webhook-schema'

export type Registration = {
  accountId: string
  /** Null: nobody signed in, but a command of the operator. */
  userId: string | null
  /** Already parsed, its URL checked (parse-webhook-form.ts). */
  form: WebhookForm
  /** Links the chosen sources without a test fire that passed, as a source's own settings do. */
  untested?: boolean
  /** The platform's own id. The caller has made sure that no other webhook has it. */
  externalId?: string
  metadata?: Metadata
  /** It is a relay, and held for this many seconds (lib/relays/open-relay.ts). */
  relayForS?: number
}

/**
 * Registers a webhook, switched on, as version 1 with its secrets sealed. A taken name is refused at its field, and so are
 * chosen sources when no test fire has passed. Refuses one more than the operator lets the account have.
 */
export async function registerWebhook(
  db: Transactional,
  { accountId, userId, form, untested = false, externalId, metadata = {}, relayForS }: Registration,
): Promise<FormResult<Saved>> {
  const wanted = contentOfForm(form)
  if (!wanted.ok) return wanted
  const content = wanted.value
  const { format, encoding, secret } = form
  const linked = wantedSources(form.sources)
  const passed = async (tx: Queryable) =>
    untested || hasPassed(tx, accountId, { format, encoding, content, secret, webhookId: null })
  return catchTakenName(content.name, () =>
    db.transaction(async (tx) => {
      const { nextWebhookNumber: number, limits } = await lockAccount(tx, accountId)
      if (limits.webhooks !== undefined && (await countWebhooks(tx, accountId)) >= limits.webhooks)
        return refused(`This account may have ${limits.webhooks} WebHooks, and has them. Delete one first.`)
      const taken = await refuseTakenName(tx, accountId, content.name)
      if (taken) return taken
      const refusal = await refuseAdded(tx, accountId, linked ?? [], () => passed(tx))
      if (refusal) return refusal
      const webhookId = newId()
      await tx
        .update(accounts)
        .set({ nextWebhookNumber: number + 1 })
        .where(eq(accounts.id, accountId))
      await tx.insert(webhooks).values({
        accountId,
        id: webhookId,
        number,
        nameKey: nameKey(content.name),
        format,
        encoding,
        version: 1,
        externalId,
        metadata,
        ...(relayForS === undefined ? {} : heldRelay(relayForS)),
      })
      await tx
        .insert(webhookVersions)
        .values({ ...sealContent(content, { accountId, webhookId, version: 1 }), createdBy: userId })
      if (formats[format].secret)
        await tx.insert(webhookSecrets).values({
          accountId,
          webhookId,
          version: 1,
          sealed: seal(secret, signingSecretPlace(accountId, webhookId, 1)),
        })
      if (linked) await writeLinks(tx, accountId, webhookId, linked, { tested: !untested })
      await setRateLimit(tx, accountId, webhookId, content.ratePerMinute)
      await raiseConfigVersion(tx, accountId)
      await recordAudit(tx, accountId, userId, 'webhook.registered', auditSubject(webhookId), {
        name: content.name,
        host: new URL(content.url).host,
        format,
      })
      return done({ webhookId })
    }),
  )
}

const heldRelay = (seconds: number) => ({
  relay: true,
  heldAt: sql`hub_now()`,
  heldUntil: sql`hub_now() + make_interval(secs => ${seconds})`,
})
