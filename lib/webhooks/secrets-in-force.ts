import { unseal } from '../secrets/seal'
import type { Secret } from '../secrets/secret'
import { signingSecretPlace } from './seal-places'

// During a rotation a webhook has two signing secrets. Which of them sign is decided at the moment of a call, by the
// database's clock: a switch time comes without anybody changing a row.

export type SigningSecret = { version: number; secret: Secret; fromMs: number; untilMs: number | null }

/** A row of webhook_secrets as JSON; times in milliseconds. */
export type SealedSigningSecret = { version: number; sealed: string; from: number; until: number | null }

/** SQL of a JSON array of SealedSigningSecret, newest first: those of the webhook `w` that sign now or will. */
export const sealedSecretsSql = `coalesce((
    select json_agg(json_build_object('version', s.version, 'sealed', s.sealed,
      'from', extract(epoch from s.signs_from) * 1000, 'until', extract(epoch from s.expires_at) * 1000)
      order by s.version desc)
    from webhook_secrets s where s.account_id = w.account_id and s.webhook_id = w.id
      and (s.expires_at is null or s.expires_at > hub_now())), '[]')`

/** Opens them. Throws as `unseal` does. */
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

/** Those that sign at a moment, newest first. */
export const secretsAt = (secrets: readonly SigningSecret[], atMs: number): SigningSecret[] =>
  secrets.filter(({ fromMs, untilMs }) => fromMs <= atMs && (untilMs === null || atMs < untilMs))
