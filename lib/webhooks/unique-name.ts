import { and, eq, isNull, ne } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { webhooks } from '../db/schema'
import { refused } from '../form-result'
import { nameKey } from './name-schema'

const refusal = (name: string) => refused(`Another WebHook is called "${name}". Choose another name.`, 'name')

/** The refusal when another WebHook than `webhookId` has this name. Names are compared by `nameKey`. */
export async function refuseTakenName(
  db: Queryable,
  accountId: string,
  name: string,
  webhookId?: string,
): Promise<ReturnType<typeof refused> | undefined> {
  const [taken] = await db
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(
      and(
        eq(webhooks.accountId, accountId),
        eq(webhooks.nameKey, nameKey(name)),
        isNull(webhooks.deletedAt),
        webhookId === undefined ? undefined : ne(webhooks.id, webhookId),
      ),
    )
  return taken && refusal(name)
}

/** Runs a save. Returns the same refusal when the database's unique index refuses the name. */
export async function catchTakenName<T>(name: string, save: () => Promise<T>) {
  try {
    return await save()
  } catch (error) {
    const { code, constraint } = ((error as Error).cause ?? error) as { code?: string; constraint?: string }
    if (code !== '23505' || constraint !== 'webhooks_name') throw error
    return refusal(name)
  }
}
