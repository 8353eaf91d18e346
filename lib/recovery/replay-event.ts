import { recordAudit } from '../accounts/audit'
import type { Database } from '../db/client'
import { env } from '../env'
import { readEvent } from '../events/event-queries'
import { notifyDrainers } from '../pipeline/queue/notify'
import { showId } from '../type-id'
import { lockWebhookState } from '../webhooks/webhook-state'
import { makeLateDeliveries } from './late-deliveries'
import { type RecoveryWebhook, readRecoveryWebhook } from './recovery-webhook'

/**
 * `made`: how many deliveries were queued. `unsent`: names of webhooks whose format sends nothing for this event.
 * `off`: names of those that are off; then nothing was replayed. `gone`: the event is unknown or its customer was erased,
 * or a webhook was deleted.
 */
export type Replayed =
  | { outcome: 'done'; made: number; unsent: string[] }
  | { outcome: 'off'; names: string[] }
  | { outcome: 'gone' }

/** Replays one event to webhooks, whatever their rules say: a new delivery to each, rendered now. */
export async function replayEvent(
  db: Database,
  accountId: string,
  userId: string | null,
  eventId: string,
  webhookIds: string[],
): Promise<Replayed> {
  const replayed = await db.transaction(async (tx): Promise<Replayed> => {
    const event = await readEvent(tx, accountId, eventId)
    const record = event?.record
    if (!record) return { outcome: 'gone' }
    const takers: RecoveryWebhook[] = []
    const unsent: string[] = []
    const off: string[] = []
    const named: string[] = []
    for (const id of [...new Set(webhookIds)].sort()) {
      const state = await lockWebhookState(tx, accountId, id)
      const webhook = state && (await readRecoveryWebhook(tx, accountId, id, env().HEARBACK_URL))
      if (!webhook) return { outcome: 'gone' }
      const offered = webhook.format.offers.some(({ type }) => type === record.type)
      if (!state.enabled) off.push(state.name)
      else if (!offered || webhook.format.lacks(record)) unsent.push(state.name)
      else {
        takers.push(webhook)
        named.push(showId('webhook', id))
      }
    }
    if (off.length > 0) return { outcome: 'off', names: off }
    const made = await makeLateDeliveries(tx, 'replay', takers, [record])
    if (made > 0)
      await recordAudit(tx, accountId, userId, 'event.replayed', `event ${showId('event', eventId)}`, {
        webhooks: named,
      })
    return { outcome: 'done', made, unsent }
  })
  if (replayed.outcome === 'done' && replayed.made > 0) await notifyDrainers(db)
  return replayed
}
