import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Target, Targets } from '../pipeline/deliver/targets'
import { prepareCall } from '../pipeline/drain/make-call'
import { claimHeld } from '../pipeline/queue/claim'
import type { ClaimedRow } from '../pipeline/queue/claimed-row'
import { seal } from '../secrets/seal'
import { showId } from '../type-id'
import { relayTimeoutS } from './open-relay'

/** The claim of a call lasts for its deadline, and what it takes to get there and to answer. */
const leaseMs = (relayTimeoutS + 15) * 1000
const lookEveryMs = 250
const atOnce = 10

/** What calls are taken from and recorded with. */
export type Pipeline = { db: pg.Pool; targets: Targets }

/** A call for another machine to make. `call` comes back with the answer; only the hub can read it. */
export type RelayedCall = {
  call: string
  delivery: string
  attempt: number
  timeoutMs: number
  headers: string[]
  body: string
}

/**
 * Takes up to ten deliveries of a relay, signed and ready to be sent. Waits for one for up to `waitMs`, or until `signal`
 * aborts. The rows are claimed as a drainer claims them: an answer that comes after the lease is not recorded.
 */
export async function takeCalls(
  { db, targets }: Pipeline,
  { accountId, webhookId }: { accountId: string; webhookId: string },
  waitMs: number,
  signal: AbortSignal,
): Promise<RelayedCall[]> {
  for (const until = performance.now() + waitMs; !signal.aborted; await sleep(lookEveryMs)) {
    const rows = await claimHeld(db, accountId, webhookId, atOnce, leaseMs)
    const [first] = rows
    if (first) {
      const target = await targets.get(accountId, webhookId, first.config_version)
      // Its webhook was deleted, or a key of the operator's ring is missing: the lease ends, and drainers judge the rows.
      if (!target || 'unusable' in target) return []
      return Promise.all(rows.map((row) => relay(targets, target, row)))
    }
    if (performance.now() >= until) break
  }
  return []
}

async function relay(targets: Targets, target: Target, row: ClaimedRow): Promise<RelayedCall> {
  const { call, request } = await prepareCall(targets, target, row)
  return {
    call: seal(JSON.stringify(call), callPlace(row.account_id, row.webhook_id)),
    delivery: showId('delivery', call.deliveryId),
    attempt: call.attempt,
    timeoutMs: target.timeoutMs,
    headers: request.headers,
    body: request.body,
  }
}

export const callPlace = (accountId: string, webhookId: string) => [accountId, 'relayed call', webhookId] as const
