import { and, eq } from 'drizzle-orm'
import { webhooks, webhookVersions } from '../db/schema'

// A webhook has many versions; `webhooks.version` says which one is in force. Every query that reads the version in force
// joins it here.

/** The condition that joins to `webhooks` its version in force. */
export const isInForce = and(
  eq(webhookVersions.accountId, webhooks.accountId),
  eq(webhookVersions.webhookId, webhooks.id),
  eq(webhookVersions.version, webhooks.version),
)

/** SQL: a version `v` has a sealed Authorization header. */
export const hasOwnHeader = `jsonb_path_exists(v.headers, '$[*].name ? (@ like_regex "^authorization$" flag "i")')`

/** SQL: joins to `webhooks w` its version in force as `v`. */
export const joinVersionInForce =
  'join webhook_versions v on v.account_id = w.account_id and v.webhook_id = w.id and v.version = w.version'
