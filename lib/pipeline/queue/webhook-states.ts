import type pg from 'pg'
import type { WebhookState } from './claimed-row'

/** SQL: the columns of WebhookState, for a query over `webhooks w`, `accounts a` and `healthOfWebhook`. */
export const stateColumns = `w.enabled and w.deleted_at is null as live, w.deleted_at is not null as deleted,
    w.held_at is not null as held, a.config_version, h.state as health_state, h.failing_since is not null or h.state = 'probing' as failing,
    h.per_minute, (extract(epoch from h.paused_until - hub_now()) * 1000)::float8 as paused_ms`

/** SQL: when the next probe of a probing webhook is due, for a query over `webhook_health h`. Null is never greatest. */
export const probeDueAt = 'greatest(h.probe_at, h.paused_until)'

/** SQL: joins the health of `webhooks w` as `h`. */
export const healthOfWebhook = 'left join webhook_health h on h.account_id = w.account_id and h.webhook_id = w.id'

const text = `select w.id, ${stateColumns} from webhooks w join accounts a on a.id = w.account_id
  ${healthOfWebhook} where w.id = any($1::uuid[])`

/** Reads the current state of webhooks, by webhook id. */
export async function readStates(db: pg.Pool, webhookIds: string[]): Promise<Map<string, WebhookState>> {
  const { rows } = await db.query<WebhookState & { id: string }>({ name: 'states', text, values: [webhookIds] })
  return new Map(rows.map(({ id, ...state }) => [id, state]))
}
