import type { Database } from '../db/client'
import type { Restraint } from './queue'
import type { CallRecord } from './record'
import { changesOf, settleHealth } from './settle-health'
import { turnOff } from './turn-off'

/** A webhook after its calls. `turnedOff`: why we turned it off with them. */
export type SettledWebhook = {
  webhookId: string
  state: Pick<Restraint, 'lane' | 'paused_ms'>
  turnedOff: 'gone' | 'failing' | null
  nowMs: number
}

/** Does to webhooks what their recorded calls call for: health, notices, turning off. Answers those that it changed. */
export async function settleCalls(db: Database, calls: CallRecord[]): Promise<SettledWebhook[]> {
  const settled: SettledWebhook[] = []
  for (const { accountId, webhookId, health, nowMs, turnOff: reason } of await settleHealth(db, changesOf(calls))) {
    const turnedOff = reason && (await turnOff(db, accountId, webhookId, reason)) ? reason : null
    const paused_ms = health.pausedUntilMs === null ? null : health.pausedUntilMs - nowMs
    settled.push({ webhookId, state: { lane: health.state, paused_ms }, turnedOff, nowMs })
  }
  return settled
}
