import type { Database } from '../../db/client'
import type { CallRecord } from '../queue/call-record'
import type { Throttle } from '../queue/claimed-row'
import type { TurnOffReason } from './health'
import { changesOf, storeHealth } from './store-health'
import { turnOff } from './turn-off'

/** A webhook after its calls. `turnedOff`: why we turned it off with them. */
export type ChangedWebhook = {
  webhookId: string
  state: Pick<Throttle, 'health_state' | 'paused_ms'>
  turnedOff: TurnOffReason | null
  nowMs: number
}

/** Applies recorded calls to the health of their webhooks, writes notices and turns webhooks off. Returns those that changed. */
export async function applyCalls(db: Database, calls: CallRecord[]): Promise<ChangedWebhook[]> {
  const changed: ChangedWebhook[] = []
  for (const { accountId, webhookId, health, nowMs, turnOff: reason } of await storeHealth(db, changesOf(calls))) {
    const turnedOff = reason && (await turnOff(db, accountId, webhookId, reason)) ? reason : null
    const paused_ms = health.pausedUntilMs === null ? null : health.pausedUntilMs - nowMs
    changed.push({ webhookId, state: { health_state: health.state, paused_ms }, turnedOff, nowMs })
  }
  return changed
}
