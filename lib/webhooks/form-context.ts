import { eq } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { accounts } from '../db/schema'
import { type Env, env } from '../env'
import { isAuthorization } from './header-schema'
import type { UrlPolicy } from './url-schema'
import type { WebhookForEdit } from './webhook-queries'
import type { WebhookFormContext } from './webhook-schema'

export type UrlSettings = Pick<Env, 'HEARBACK_ALLOW_HTTP' | 'HEARBACK_ALLOW_PORTS' | 'HEARBACK_ALLOW_PRIVATE_TARGETS'>

/** The operator's settings for WebHook URLs. */
export const urlPolicyOf = ({
  HEARBACK_ALLOW_HTTP: http,
  HEARBACK_ALLOW_PORTS: ports,
  HEARBACK_ALLOW_PRIVATE_TARGETS: privateTargets,
}: UrlSettings): UrlPolicy => ({ http, ports, privateTargets })

/** What the webhook form depends on, in the browser and on the server. Pass `stored` for the form of an edit. */
export async function readFormContext(
  db: Queryable,
  accountId: string,
  stored?: WebhookForEdit,
): Promise<WebhookFormContext> {
  const [account] = await db
    .select({
      npsEnabled: accounts.npsEnabled,
      preSharedKeyVersion: accounts.preSharedKeyVersion,
      limits: accounts.limits,
    })
    .from(accounts)
    .where(eq(accounts.id, accountId))
  return {
    npsEnabled: account?.npsEnabled ?? false,
    accountKeySet: account?.preSharedKeyVersion != null,
    urlPolicy: urlPolicyOf(env()),
    formats: account?.limits.formats,
    stored: stored && {
      format: stored.format,
      encoding: stored.encoding,
      npsCondition: stored.rule.condition.kind === 'nps',
      basicPassword: stored.basicPasswordStored,
      ownHeader: stored.headerNames.some(isAuthorization),
    },
  }
}
