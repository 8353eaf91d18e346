import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { unseal } from '../secrets/seal'
import type { Secret } from '../secrets/secret'
import { signingSecretPlace } from './seal-places'

// During a rotation a webhook has two or more signing secrets. Which of them sign is decided at each call by the
// database's clock, because no row changes when a secret starts or stops signing.

export type SigningSecret = { version: number; secret: Secret; fromMs: number; untilMs: number | null }

/** A row of webhook_secrets as JSON; times in milliseconds. */
export type SealedSigningSecret = { version: number; sealed: string; from: number; until: number | null }

/** SQL: the secrets of the webhook `w` that sign now or later, as a JSON array of SealedSigningSecret, newest first. */
export const sealedSecretsSql = `coalesce((
    select json_agg(json_build_object('version', s.version, 'sealed', s.sealed,
      'from', extract(epoch from s.signs_from) * 1000, 'until', extract(epoch from s.expires_at) * 1000)
      order by s.version desc)
    from webhook_secrets s where s.account_id = w.account_id and s.webhook_id = w.id
      and (s.expires_at is null or s.expires_at > hub_now())), '[]')`

/** Opens the secrets. Throws as `unseal` does. */
export const openSigningSecrets = (
  rows: readonly SealedSigningSecret[],
  accountId: string,
  webhookId: string,
): SigningSecret[] =>
  rows.map(({ version, sealed, from, until }) => ({
    version,
    secret: unseal(sealed, signingSecretPlace(accountId, webhookId, version)),
    fromMs: from,
    untilMs: until,
  }))

/** Reads and opens the secrets of a stored webhook that sign at a moment, newest first. Throws as `unseal` does. */
export async function readSecretsAt(
  db: Queryable,
  accountId: string,
  webhookId: string,
  atMs: number,
): Promise<Secret[]> {
  const { rows } = await db.execute<{ secrets: SealedSigningSecret[] }>(sql`
    select ${sql.raw(sealedSecretsSql)} as secrets from webhooks w
    where w.account_id = ${accountId} and w.id = ${webhookId}`)
  const opened = openSigningSecrets(rows[0]?.secrets ?? [], accountId, webhookId)
  return secretsAt(opened, atMs).map(({ secret }) => secret)
}

/** The secrets that sign at a moment, newest first. */
export const secretsAt = (secrets: readonly SigningSecret[], atMs: number): SigningSecret[] =>
  secrets.filter(({ fromMs, untilMs }) => fromMs <= atMs && (untilMs === null || atMs < untilMs))
