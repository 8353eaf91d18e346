import type { Database } from '../../db/client'
import type { CallRecord } from '../queue/call-record'
import type { Throttle } from '../queue/claimed-row'
import { changesOf, storeHealth } from './store-health'
import { turnOff } from './turn-off'

/** A webhook after its calls. `turnedOff`: why we turned it off with them. */
export type ChangedWebhook = {
  webhookId: string
  state: Pick<Throttle, 'health_state' | 'paused_ms'>
  turnedOff: 'gone' | 'failing' | null
  nowMs: number
}

/** Does to webhooks what their recorded calls call for: health, notices, turning off. Answers those that it changed. */
export async function applyCalls(db: Database, calls: CallRecord[]): Promise<ChangedWebhook[]> {
  const settled: ChangedWebhook[] = []
  for (const { accountId, webhookId, health, nowMs, turnOff: reason } of await storeHealth(db, changesOf(calls))) {
    const turnedOff = reason && (await turnOff(db, accountId, webhookId, reason)) ? reason : null
    const paused_ms = health.pausedUntilMs === null ? null : health.pausedUntilMs - nowMs
    settled.push({ webhookId, state: { health_state: health.state, paused_ms }, turnedOff, nowMs })
  }
  return settled
}
