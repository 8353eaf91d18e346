import { and, asc, eq, isNull, sql } from 'drizzle-orm'
import { accountSubject, recordAudit } from '../accounts/audit'
import type { Database, Queryable } from '../db/client'
import { accounts, sources, webhookSources, webhooks, webhookVersions } from '../db/schema'
import { type ExampleFor, exampleEvent } from '../events/example-event'
import type { FormatKey } from '../formats/format'
import { isInForce } from './version-in-force'

// What leads on from the first WebHook: a key, an event, its arrival, its signature. Only the last step is told by a person;
// the others are seen.

export type StepsDone = { key: boolean; event: boolean; arrived: boolean }

export type FirstSteps = {
  done: StepsDone
  webhook: { id: string; name: string; format: FormatKey }
  /** An event that this WebHook matches, as indented JSON. */
  event: string
}

/** The first steps of an account: undefined before its first WebHook, and once they are finished or hidden. */
export async function readFirstSteps(db: Queryable, accountId: string): Promise<FirstSteps | undefined> {
  const [found] = await db
    .select({
      id: webhooks.id,
      name: webhookVersions.name,
      format: sql<FormatKey>`${webhooks.format}`,
      rule: webhookVersions.rule,
      onlyIf: webhookVersions.onlyIf,
    })
    .from(accounts)
    .innerJoin(webhooks, and(eq(webhooks.accountId, accounts.id), isNull(webhooks.deletedAt)))
    .innerJoin(webhookVersions, isInForce)
    .where(and(eq(accounts.id, accountId), isNull(accounts.firstStepsEndedAt)))
    .orderBy(asc(webhooks.number))
    .limit(1)
  if (!found) return undefined
  const { id, name, format, rule, onlyIf } = found
  const [done, sourceKey] = await Promise.all([readDone(db, accountId), firstSource(db, accountId, id)])
  const event = JSON.stringify(exampleEvent({ format, rule, onlyIf, sourceKey } satisfies ExampleFor), null, 2)
  return { done, webhook: { id, name, format }, event }
}

/** Which steps are done. An account that has them ahead has few rows. */
export async function readDone(db: Queryable, accountId: string): Promise<StepsDone> {
  const { rows } = await db.execute<StepsDone>(sql`
    select
      exists (select from api_keys where account_id = ${accountId} and 'ingest' = any(scopes) and revoked_at is null
        and (expires_at is null or expires_at > hub_now())) as key,
      exists (select from events where account_id = ${accountId}) as event,
      exists (select from calls where account_id = ${accountId} and failure is null and not test) as arrived`)
  return rows[0] as StepsDone
}

/** Ends the first steps: they were finished or hidden, and are not shown again. */
export async function endFirstSteps(db: Database, accountId: string, userId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const ended = await tx
      .update(accounts)
      .set({ firstStepsEndedAt: sql`hub_now()` })
      .where(and(eq(accounts.id, accountId), isNull(accounts.firstStepsEndedAt)))
      .returning({ id: accounts.id })
    if (ended.length > 0)
      await recordAudit(tx, accountId, userId, 'account.first-steps-ended', accountSubject(accountId))
  })
}

async function firstSource(db: Queryable, accountId: string, webhookId: string): Promise<string | undefined> {
  const [row] = await db
    .select({ key: sources.key })
    .from(webhookSources)
    .innerJoin(sources, and(eq(sources.accountId, webhookSources.accountId), eq(sources.id, webhookSources.sourceId)))
    .where(and(eq(webhookSources.accountId, accountId), eq(webhookSources.webhookId, webhookId)))
    .limit(1)
  return row?.key
}
