import { and, eq } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import type { Database, Queryable } from '../db/client'
import { webhookVersions } from '../db/schema'
import { authorizationValue } from '../pipeline/deliver/request'
import { unseal } from '../secrets/seal'
import { showId } from '../type-id'
import { openPreSharedKey } from '../webhooks/pre-shared-key'
import { basicPasswordPlace, headerPlace } from '../webhooks/seal-places'
import { type CallDetail, readCall } from './read-call'
import { maskedSecrets, type RequestSecrets, type ShownHeader, shownRequest } from './shown-request'

/**
 * The secrets that a call was sent with: the key version and webhook version recorded with the call say which. A test
 * fire keeps neither its password nor its header values, so these stay masked. Throws UnknownSealKeyError when the key
 * ring lacks a key.
 */
export async function openCallSecrets(db: Queryable, accountId: string, detail: CallDetail): Promise<RequestSecrets> {
  const { call, webhook } = detail
  const masked = maskedSecrets(detail)
  const preSharedKey = call.keyVersion === null ? undefined : await openPreSharedKey(db, accountId, call.keyVersion)
  const keyed = authorizationValue({ preSharedKey })
  const { webhookId, webhookVersion: version } = call
  if (call.test || webhookId === null || version === null)
    return { ...masked, authorization: keyed ?? masked.authorization }
  const [row] = await db
    .select({ password: webhookVersions.sealedBasicPassword, headers: webhookVersions.headers })
    .from(webhookVersions)
    .where(
      and(
        eq(webhookVersions.accountId, accountId),
        eq(webhookVersions.webhookId, webhookId),
        eq(webhookVersions.version, version),
      ),
    )
  const password = row?.password && unseal(row.password, basicPasswordPlace(accountId, webhookId, version))
  return {
    authorization: password ? authorizationValue({ basic: { user: webhook.basicUser ?? '', password } }) : keyed,
    custom: (row?.headers ?? []).flatMap(({ name, sealed }) => [
      name,
      unseal(sealed, headerPlace(accountId, webhookId, version, name)).reveal(),
    ]),
  }
}

/** The request's headers with nothing masked. Each reveal is recorded in the audit log. Undefined: no such call. */
export async function revealCallHeaders(
  db: Database,
  accountId: string,
  userId: string | null,
  callId: string,
): Promise<ShownHeader[] | undefined> {
  return db.transaction(async (tx) => {
    const detail = await readCall(tx, accountId, callId)
    if (!detail) return undefined
    const secrets = await openCallSecrets(tx, accountId, detail)
    await recordAudit(tx, accountId, userId, 'call.headers-revealed', `call ${showId('call', callId)}`, {
      webhook: detail.webhook.name,
    })
    return shownRequest(detail, secrets)?.headers
  })
}
