import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import type { FormatKey } from '../formats/format'
import { formats } from '../formats/formats'
import { match } from '../pipeline/ingest/match'
import type { OnlyIf } from '../webhooks/only-if-schema'
import type { Rule } from '../webhooks/webhook-schema'
import { decisionSentence } from './decision-values'
import type { DecisionReason } from './decision-words'
import type { KeptEvent } from './event-queries'
import type { DecisionCode } from './event-record'
import { compileOnlyIf } from './only-if'

/** Why a webhook did or did not fire for an event, with its name and rule when it was judged. */
export type WebhookDecision = {
  webhookId: string
  number: number
  name: string
  rule: Rule
  onlyIf: OnlyIf[]
  reason: DecisionReason
  /** The reason as a sentence, with the event's values and those that the rule wants. */
  words: string
  /** The webhook was deleted after the event came in. */
  deleted: boolean
}

type WebhookRow = {
  id: string
  number: number
  format: FormatKey
  enabled: boolean
  registered_at: number
  deleted: boolean
  version: number
  name: string
  rule: Rule
  only_if: OnlyIf[]
  /** Ids of the sources it listens to now; null: all. */
  sources: string[] | null
  /** The names of the first of them. */
  source_names: string[] | null
}

/**
 * The decisions for all webhooks that the account had when the event came in or has now, those that fired first, then
 * by number. Webhooks deleted before the event are left out.
 */
export async function readDecisions(db: Queryable, accountId: string, event: KeptEvent): Promise<WebhookDecision[]> {
  const rows = await readWebhooks(db, accountId, event)
  const codes = new Map(event.decisions.webhooks.map(([number, , code]) => [number, code]))
  const counted = judgeAgain(
    event,
    rows.filter(({ number }) => !codes.has(number)),
  )
  return rows
    .map((row) => {
      const reason = reasonOf(event, row, codes.get(row.number) ?? counted?.get(row.number))
      const { id, number, name, rule, only_if: onlyIf, deleted } = row
      return { webhookId: id, number, name, rule, onlyIf, deleted, reason, words: wordsOf(event, row, reason) }
    })
    .sort((a, b) => Number(b.reason === 'matched') - Number(a.reason === 'matched') || a.number - b.number)
}

function reasonOf(event: KeptEvent, row: WebhookRow, code: DecisionCode | undefined): DecisionReason {
  if (!event.decisions.notify) return 'history'
  if (code) return code
  if (!offers(event, row)) return 'not-offered'
  // An event keeps a decision for each webhook, or beyond 200 of them counts by reason.
  return event.decisions.others && row.registered_at <= event.at ? 'counted-only' : 'registered-later'
}

function wordsOf(event: KeptEvent, row: WebhookRow, reason: DecisionReason): string {
  const { rule, only_if: onlyIf, format, registered_at: registeredAt, sources: ids, source_names: names } = row
  return decisionSentence(reason, event, {
    rule,
    onlyIf,
    format,
    registeredAt,
    sources: ids && { ids, names: names ?? [] },
  })
}

const offers = (event: KeptEvent, { format }: WebhookRow) =>
  formats[format].offers.some(({ type }) => type === event.type)

/**
 * Beyond 200 webhooks, an event keeps only the number of those that did not fire for each reason. This judges them
 * again by their versions of that time. When the counts agree, each webhook has its reason; else the result is
 * undefined, because some were switched, or linked to other sources, since.
 */
function judgeAgain(event: KeptEvent, rows: WebhookRow[]): Map<number, DecisionCode> | undefined {
  const { record, parts, decisions, at } = event
  if (!decisions.others || !record) return undefined
  const codes = new Map<number, DecisionCode>()
  const counts: Partial<Record<DecisionCode, number>> = {}
  for (const row of rows) {
    if (!offers(event, row) || row.registered_at > at) continue
    const { enabled, rule } = row
    const sources = row.sources && new Set(row.sources)
    const onlyIf = compileOnlyIf(row.only_if)
    const code = match(record, parts, { enabled, rule, onlyIf, sources, format: formats[row.format] })
    codes.set(row.number, code)
    counts[code] = (counts[code] ?? 0) + 1
  }
  const reasons = new Set([...Object.keys(counts), ...Object.keys(decisions.others)]) as Set<DecisionCode>
  return [...reasons].every((code) => counts[code] === decisions.others?.[code]) ? codes : undefined
}

/** Each webhook at the version that was judged, or else at the version in force when the event came in. */
async function readWebhooks(db: Queryable, accountId: string, event: KeptEvent): Promise<WebhookRow[]> {
  const judged = JSON.stringify(event.decisions.webhooks.map(([number, version]) => ({ number, version })))
  const at: SQL = sql`to_timestamp(${event.at}::float8 / 1000)`
  const { rows } = await db.execute<WebhookRow>(sql`
    select w.id, w.number, w.format, w.enabled, w.deleted_at is not null as deleted, v.version, v.name, v.rule, v.only_if,
      floor(extract(epoch from w.created_at) * 1000)::float8 as registered_at,
      case when not w.all_sources then array(select source_id::text from webhook_sources s
        where s.account_id = w.account_id and s.webhook_id = w.id) end as sources,
      case when not w.all_sources then array(select s.name from webhook_sources l
        join sources s on s.account_id = l.account_id and s.id = l.source_id
        where l.account_id = w.account_id and l.webhook_id = w.id order by lower(s.name), s.id limit 3) end as source_names
    from webhooks w
    left join json_to_recordset(${judged}) as d(number int, version int) on d.number = w.number
    cross join lateral (
      select version, name, rule, only_if from webhook_versions
      where account_id = w.account_id and webhook_id = w.id
        and version = coalesce(d.version, (select max(version) from webhook_versions
          where account_id = w.account_id and webhook_id = w.id and created_at <= ${at}), w.version)) v
    where w.account_id = ${accountId} and (w.deleted_at is null or w.deleted_at > ${at})`)
  return rows
}

/** The number of webhooks for each reason, `matched` first, then the most frequent. */
export function countReasons(decisions: WebhookDecision[]): { reason: DecisionReason; count: number }[] {
  const counts = new Map<DecisionReason, number>()
  for (const { reason } of decisions) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => Number(b.reason === 'matched') - Number(a.reason === 'matched') || b.count - a.count)
}
