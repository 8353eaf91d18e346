import { and, eq, isNull } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { accounts, webhooks } from '../db/schema'
import { readId } from '../type-id'

// Accounts and webhooks in an address: by the hub's id, or by the platform's own.

/** The id of the account that `name` names. */
export async function findAccount(db: Queryable, name: string): Promise<string | undefined> {
  const id = readId('account', name)
  const [found] = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(id === undefined ? eq(accounts.externalId, name) : eq(accounts.id, id))
  return found?.id
}

/** The id of the account's webhook that `name` names; undefined when it has none, or deleted it. */
export async function findWebhook(db: Queryable, accountId: string, name: string): Promise<string | undefined> {
  const id = readId('webhook', name)
  const [found] = await db
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(
      and(
        eq(webhooks.accountId, accountId),
        isNull(webhooks.deletedAt),
        id === undefined ? eq(webhooks.externalId, name) : eq(webhooks.id, id),
      ),
    )
  return found?.id
}
