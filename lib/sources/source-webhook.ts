import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../db/client'
import { webhookSources, webhooks, webhookVersions } from '../db/schema'
import { type FormResult, missing, refused } from '../form-result'
import { storedHasPassed } from '../test-fires/test-passes'
import { readFormContext } from '../webhooks/form-context'
import { editFormValues, newFormValues } from '../webhooks/form-defaults'
import { nameKey } from '../webhooks/name-schema'
import { parseWebhookForm } from '../webhooks/parse-webhook-form'
import { registerWebhook } from '../webhooks/register-webhook'
import type { Saved } from '../webhooks/save-result'
import { shownUrl } from '../webhooks/shown-url'
import { generateSecrets } from '../webhooks/signing-secret'
import { updateWebhook } from '../webhooks/update-webhook'
import { isInForce } from '../webhooks/version-in-force'
import { readWebhookForEdit } from '../webhooks/webhook-queries'
import { ruleNameOf } from './rule-name'
import { readSource } from './source-queries'

// As Rateup's “Webhook Usage Guide” has it: a URL in a source's settings makes a webhook linked to that source alone.
// It is linked without a test fire; the page says so until one passes.

/** The WebHook that the source's settings show: in format Rateup, linked to this source and to no other. */
export async function readSourceWebhook(
  db: Queryable,
  accountId: string,
  sourceId: string,
  { wholeUrls }: { wholeUrls: boolean },
) {
  const [row] = await db
    .select({
      id: webhooks.id,
      name: webhookVersions.name,
      url: webhookVersions.url,
      enabled: webhooks.enabled,
      tested: webhookSources.tested,
    })
    .from(webhookSources)
    .innerJoin(
      webhooks,
      and(eq(webhooks.accountId, webhookSources.accountId), eq(webhooks.id, webhookSources.webhookId)),
    )
    .innerJoin(webhookVersions, isInForce)
    .where(
      and(
        eq(webhookSources.accountId, accountId),
        eq(webhookSources.sourceId, sourceId),
        eq(webhooks.format, 'rateup'),
        eq(webhooks.allSources, false),
        isNull(webhooks.deletedAt),
        sql`not exists (select 1 from webhook_sources o where o.account_id = ${webhooks.accountId}
          and o.webhook_id = ${webhooks.id} and o.source_id <> ${sourceId})`,
      ),
    )
    .orderBy(webhooks.number)
    .limit(1)
  if (!row) return undefined
  const tested = row.tested || (await storedHasPassed(db, accountId, row.id))
  return { ...row, tested, url: shownUrl(row.url, wholeUrls) }
}
export type SourceWebhook = NonNullable<Awaited<ReturnType<typeof readSourceWebhook>>>

/** Registers the source's own WebHook, or changes its URL. Errors belong to the field `url` or to the whole form. */
export async function saveSourceWebhook(
  db: Database,
  { accountId, userId, sourceId, url }: { accountId: string; userId: string | null; sourceId: string; url: string },
): Promise<FormResult<Saved>> {
  const source = await readSource(db, accountId, sourceId)
  if (!source) return missing('There is no such source. Go back to the list.')
  const own = await readSourceWebhook(db, accountId, sourceId, { wholeUrls: true })
  const saved = own
    ? await changeUrl(db, { accountId, userId, webhookId: own.id, url })
    : await register(db, { accountId, userId, source, url })
  if (saved.ok) return saved
  return {
    ok: false,
    errors: saved.errors.map((error) => (error.field === 'url' ? error : { message: error.message })),
  }
}

async function register(
  db: Database,
  {
    accountId,
    userId,
    source,
    url,
  }: {
    accountId: string
    userId: string | null
    source: { id: string; name: string }
    url: string
  },
): Promise<FormResult<Saved>> {
  const parsed = await parseWebhookForm(
    {
      ...newFormValues('rateup'),
      name: await freeName(db, accountId, source.name),
      url,
      secret: generateSecrets().rateup,
      sources: { kind: 'chosen', ids: [source.id] },
    },
    await readFormContext(db, accountId),
  )
  return parsed.ok ? registerWebhook(db, { accountId, userId, form: parsed.value, untested: true }) : parsed
}

async function changeUrl(
  db: Database,
  { accountId, userId, webhookId, url }: { accountId: string; userId: string | null; webhookId: string; url: string },
): Promise<FormResult<Saved>> {
  const stored = await readWebhookForEdit(db, accountId, webhookId)
  if (!stored) return refused('This WebHook was deleted in the meantime. Save again to make a new one.')
  const parsed = await parseWebhookForm(
    { ...editFormValues(stored), url },
    await readFormContext(db, accountId, stored),
  )
  if (!parsed.ok) return parsed
  const saved = await updateWebhook(db, {
    accountId,
    userId,
    webhookId,
    openedVersion: stored.version,
    form: parsed.value,
  })
  return saved.ok && saved.value.conflict
    ? refused('Somebody else changed this WebHook just now. Look at it and save again.')
    : saved
}

/** The source's name as a rule name that no WebHook has. */
async function freeName(db: Queryable, accountId: string, sourceName: string): Promise<string> {
  const rows = await db
    .select({ key: webhooks.nameKey })
    .from(webhooks)
    .where(and(eq(webhooks.accountId, accountId), isNull(webhooks.deletedAt)))
  const taken = new Set(rows.map(({ key }) => key))
  return ruleNameOf(sourceName, (name) => taken.has(nameKey(name)))
}
