import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { compileOnlyIf, type OnlyIfJudge } from '../events/only-if'
import type { Encoding, Format, FormatKey, RenderContext } from '../formats/format'
import { formats } from '../formats/formats'
import type { OnlyIf } from '../webhooks/only-if-schema'
import { joinVersionInForce } from '../webhooks/version-in-force'
import type { Rule } from '../webhooks/webhook-schema'

/** A webhook as recovery and replay judge and render for it: as it is now. */
export type RecoveryWebhook = {
  accountId: string
  id: string
  number: number
  version: number
  format: Format
  rule: Rule
  /** Its further conditions, compiled; null: it has none. */
  onlyIf: OnlyIfJudge | null
  /** Ids of the sources it is linked to; null: all sources. */
  sources: ReadonlySet<string> | null
  context: RenderContext
}

type Row = {
  number: number
  version: number
  format: FormatKey
  encoding: Encoding
  rule: Rule
  onlyIf: OnlyIf[]
  sources: string[] | null
  identifier: string
  wootric_token: string | null
  team_id: string | null
}

/** Undefined when the webhook is deleted or another account's. */
export async function readRecoveryWebhook(
  db: Queryable,
  accountId: string,
  webhookId: string,
  hubUrl: string,
): Promise<RecoveryWebhook | undefined> {
  const { rows } = await db.execute<Row>(sql`
    select w.number, w.version, w.format, w.encoding, v.rule, v.only_if as "onlyIf", a.identifier, a.wootric_token, a.team_id,
      case when not w.all_sources then array(select source_id::text from webhook_sources s
        where s.account_id = w.account_id and s.webhook_id = w.id) end as sources
    from webhooks w ${sql.raw(joinVersionInForce)} join accounts a on a.id = w.account_id
    where w.account_id = ${accountId} and w.id = ${webhookId} and w.deleted_at is null`)
  const [row] = rows
  if (!row) return undefined
  const { number, version, format, encoding, rule, onlyIf, sources, identifier, wootric_token, team_id } = row
  return {
    accountId,
    id: webhookId,
    number,
    version,
    format: formats[format],
    rule,
    onlyIf: compileOnlyIf(onlyIf),
    sources: sources && new Set(sources),
    context: {
      hubUrl,
      encoding,
      accountId,
      merchantIdentifier: identifier,
      wootricToken: wootric_token,
      teamId: team_id,
    },
  }
}
