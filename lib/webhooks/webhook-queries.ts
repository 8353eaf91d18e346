import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { webhooks, webhookVersions } from '../db/schema'
import type { FormatKey } from '../formats/format'
import { shownUrl } from './shown-url'

const inForce = and(
  eq(webhookVersions.accountId, webhooks.accountId),
  eq(webhookVersions.webhookId, webhooks.id),
  eq(webhookVersions.version, webhooks.version),
)

const summary = {
  id: webhooks.id,
  number: webhooks.number,
  format: sql<FormatKey>`${webhooks.format}`,
  enabled: webhooks.enabled,
  version: webhooks.version,
  name: webhookVersions.name,
  url: webhookVersions.url,
  rule: webhookVersions.rule,
}

/** The account's webhooks in the order they were registered. `wholeUrls` false: only hosts, as a viewer sees them. */
export async function listWebhooks(db: Queryable, accountId: string, { wholeUrls }: { wholeUrls: boolean }) {
  const rows = await db
    .select(summary)
    .from(webhooks)
    .innerJoin(webhookVersions, inForce)
    .where(and(eq(webhooks.accountId, accountId), isNull(webhooks.deletedAt)))
    .orderBy(asc(webhooks.number))
  return rows.map((row) => ({ ...row, url: shownUrl(row.url, wholeUrls) }))
}
export type WebhookSummary = Awaited<ReturnType<typeof listWebhooks>>[number]

/** One webhook as its form shows it: of secrets only whether they are stored. Undefined when there is none. */
export async function readWebhookForEdit(db: Queryable, accountId: string, webhookId: string) {
  const [row] = await db
    .select({
      ...summary,
      authentication: webhookVersions.authentication,
      basicUser: webhookVersions.basicUser,
      basicPasswordStored: sql<boolean>`${webhookVersions.sealedBasicPassword} is not null`,
      headerNames: sql<string[]>`array(select jsonb_array_elements(${webhookVersions.headers}) ->> 'name')`,
      retries: webhookVersions.retries,
      timeoutSeconds: webhookVersions.timeoutSeconds,
    })
    .from(webhooks)
    .innerJoin(webhookVersions, inForce)
    .where(and(eq(webhooks.accountId, accountId), eq(webhooks.id, webhookId), isNull(webhooks.deletedAt)))
  return row
}
export type WebhookForEdit = NonNullable<Awaited<ReturnType<typeof readWebhookForEdit>>>
