import { sql } from 'drizzle-orm'
import type { Queryable } from '../db/client'
import { newId } from '../db/ids'
import type { NoticeDetail, notices } from '../db/schema'
import { joinVersionInForce } from '../webhooks/version-in-force'

export type NoticeKind = (typeof notices.$inferSelect)['kind']
export type NewNotice = { accountId: string; webhookId: string; kind: NoticeKind; detail?: Omit<NoticeDetail, 'name'> }

/**
 * Writes notices, due to be mailed at once, in the transaction of the change that they report, with the webhook's
 * current name. A deleted webhook gets none.
 */
export async function writeNotices(db: Queryable, made: NewNotice[]): Promise<void> {
  if (made.length === 0) return
  const rows = made.map(({ accountId, webhookId, kind, detail = {} }) => ({
    account_id: accountId,
    id: newId(),
    webhook_id: webhookId,
    kind,
    detail,
  }))
  await db.execute(sql`
    insert into notices (account_id, id, webhook_id, kind, detail, mail_at)
    select n.account_id, n.id, n.webhook_id, n.kind, n.detail || jsonb_build_object('name', v.name), hub_now()
    from json_to_recordset(${JSON.stringify(rows)})
      as n(account_id uuid, id uuid, webhook_id uuid, kind text, detail jsonb)
    join webhooks w on w.account_id = n.account_id and w.id = n.webhook_id and w.deleted_at is null
    ${sql.raw(joinVersionInForce)}`)
}
