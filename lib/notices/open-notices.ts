import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { floorId, hubTime } from '../db/ids'
import type { notices } from '../db/schema'
import { type TurnOffReason, turnedOffAfterMs } from '../pipeline/health/health'
import { hasOwnHeader, joinVersionInForce } from '../webhooks/version-in-force'

const listedAtMost = 20
const shownForMs = 30 * 86_400_000

/** A notice as the app and mail show it. Times are Unix milliseconds. */
export type Notice = {
  kind: (typeof notices.$inferSelect)['kind']
  /** The rule's name at that time. */
  name: string
  at: number
  /** The first failure since the last success. */
  since: number | null
  /** The first failed call after this time turns the webhook off. */
  turnsOffAt: number | null
  reason: TurnOffReason | null
  /** How many deliveries ended as exhausted when the webhook was turned off. */
  exhausted: number
}
export type OpenNotice = Notice & { id: string; webhookId: string }
/** `listed`: the gravest and newest first, 20 at most. `count`: of all. */
export type OpenNotices = { listed: OpenNotice[]; count: number }

/** Gravest first. */
const gravity = ['turned-off', 'turning-off', 'failing', 'exhausted', 'held', 'own-header-unused', 'well'] as const
/** For so long it is told that a webhook has recovered. */
const wellFor = `interval '24 hours'`

/** A row of `notices`. Where the row has no name, it is the webhook's current one. */
export type NoticeRow = Pick<typeof notices.$inferSelect, 'kind' | 'detail'> & { at: number; name: string }

export function readNotice({ kind, at, detail, name }: NoticeRow): Notice {
  const since = detail.since ? Date.parse(detail.since) : null
  return {
    kind,
    name: detail.name ?? name,
    at,
    since,
    turnsOffAt: since === null ? null : since + turnedOffAfterMs,
    reason: detail.reason ?? null,
    exhausted: detail.exhausted ?? 0,
  }
}

/**
 * The account's open notices of the last 30 days. Among notices about the health of a webhook, a newer one replaces older
 * ones. A later switch by a person replaces them too. That a webhook has recovered is shown for 24 hours. `webhookId`:
 * only those of one webhook.
 */
export async function openNotices(db: Queryable, accountId: string, webhookId?: string): Promise<OpenNotices> {
  const { rows } = await db.execute<NoticeRow & { id: string; webhook_id: string; open: number }>(sql`
    with recent as (
      select n.*, row_number() over (
          partition by webhook_id, kind = 'exhausted', kind = 'held', kind = 'own-header-unused'
          order by at desc, id desc) = 1 as newest,
        max(at) filter (where kind = 'well') over (partition by webhook_id) as well_at
      from notices n
      where account_id = ${accountId} and id >= ${floorId(hubTime() - shownForMs)}
        ${webhookId === undefined ? sql`` : sql`and webhook_id = ${webhookId}`}
    )
    select n.id, n.webhook_id, n.kind, (extract(epoch from n.at) * 1000)::float8 as at, n.detail, v.name,
      count(*) over ()::int as open
    from recent n
    join webhooks w on w.account_id = n.account_id and w.id = n.webhook_id and w.deleted_at is null
    ${sql.raw(joinVersionInForce)}
    where n.newest and n.dismissed_at is null and case n.kind
      when 'exhausted' then n.well_at is null or n.at > n.well_at
      when 'turned-off' then not w.enabled
      when 'well' then w.enabled and n.at > hub_now() - ${sql.raw(wellFor)}
      when 'own-header-unused' then v.authentication <> 'own-header' and ${sql.raw(hasOwnHeader)}
      else w.enabled end
    order by array_position(array[${sql.raw(gravity.map((kind) => `'${kind}'`).join(', '))}], n.kind),
      n.at desc, n.id desc
    limit ${listedAtMost}`)
  const listed = rows.map(({ id, webhook_id, ...row }) => ({ id, webhookId: webhook_id, ...readNotice(row) }))
  return { listed, count: rows[0]?.open ?? 0 }
}

/** Closes one notice for all members of the account. Returns whether the account has it; it may be closed already. */
export async function dismissNotice(db: Queryable, accountId: string, noticeId: string): Promise<boolean> {
  const { rowCount } = await db.execute(sql`update notices set dismissed_at = coalesce(dismissed_at, hub_now())
    where account_id = ${accountId} and id = ${noticeId}`)
  return rowCount === 1
}

/** Closes all notices of a webhook, or those of some kinds, in the caller's transaction: a person has acted on it. */
export async function closeNotices(
  db: Queryable,
  accountId: string,
  webhookId: string,
  kinds?: Notice['kind'][],
): Promise<void> {
  await db.execute(sql`update notices set dismissed_at = hub_now()
    where account_id = ${accountId} and webhook_id = ${webhookId} and dismissed_at is null
      ${kinds ? sql`and kind = any(${sql.param(kinds)})` : sql``}`)
}
