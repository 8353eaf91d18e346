import { and, eq, sql } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import { raiseConfigVersion } from '../accounts/config-version'
import type { Queryable, Transactional } from '../db/client'
import { retryDeadlock } from '../db/retry-deadlock'
import { webhookHealth, webhooks } from '../db/schema'
import { closeNotices } from '../notices/open-notices'
import { endHold, notHeld } from '../pipeline/health/hold'
import { cancelQueued } from '../pipeline/queue/end'
import { holdQueued } from '../pipeline/queue/hold'
import { closeRelay } from '../relays/close-relay'
import { lockAccount } from './account-lock'
import { auditSubject } from './audit-subject'
import { liveWebhook, readWebhookState } from './webhook-state'

/** `cancelled`: how many queued deliveries were cancelled. */
export type SwitchResult = { outcome: 'done'; name: string; cancelled: number } | { outcome: 'gone' }

/**
 * Switches a webhook on or off. Switching off cancels its queued deliveries, and closes a relay. Switching on resets its health and closes its
 * notices; it does not recover failed deliveries (lib/recovery/recover.ts does).
 */
export async function switchWebhook(
  db: Transactional,
  accountId: string,
  userId: string | null,
  webhookId: string,
  enabled: boolean,
): Promise<SwitchResult> {
  return change(db, accountId, webhookId, async (tx, webhook) => {
    if (webhook.enabled === enabled) return 0
    // A relay that is off would never be asked for calls again.
    const closed = enabled ? undefined : await closeRelay(tx, accountId, webhookId)
    if (closed !== undefined) return closed
    await setSwitch(tx, accountId, webhookId, enabled)
    const cancelled = enabled ? 0 : await cancelQueued(tx, accountId, webhookId, 'switched-off')
    if (enabled) await resetHealth(tx, accountId, webhookId)
    await raiseConfigVersion(tx, accountId)
    const action = enabled ? 'webhook.switched-on' : 'webhook.switched-off'
    const { name, turnedOff } = webhook
    await recordAudit(tx, accountId, userId, action, auditSubject(webhookId), {
      name,
      ...(enabled ? { turnedOff } : { cancelled }),
    })
    return cancelled
  })
}

/**
 * Holds a webhook until a person releases it, or until `until`: its deliveries wait, nothing is called, and its events keep
 * coming. A webhook that is off is switched on, held. No call starts more than 1 s after this was answered.
 */
export async function holdWebhook(
  db: Transactional,
  accountId: string,
  userId: string | null,
  webhookId: string,
  until: Date | null,
): Promise<SwitchResult> {
  return change(db, accountId, webhookId, async (tx, { name, enabled }) => {
    if (!enabled) {
      await setSwitch(tx, accountId, webhookId, true)
      await resetHealth(tx, accountId, webhookId)
    }
    await tx
      .update(webhooks)
      .set({ heldAt: sql`coalesce(${webhooks.heldAt}, hub_now())`, heldUntil: until })
      .where(liveWebhook(accountId, webhookId))
    await holdQueued(tx, accountId, webhookId)
    await raiseConfigVersion(tx, accountId)
    await recordAudit(tx, accountId, userId, 'webhook.held', auditSubject(webhookId), {
      name,
      until: until?.toISOString() ?? null,
    })
    return 0
  })
}

/** Releases a held webhook: what waits becomes due over a ramp. */
export async function releaseWebhook(
  db: Transactional,
  accountId: string,
  userId: string | null,
  webhookId: string,
): Promise<SwitchResult> {
  return change(db, accountId, webhookId, async (tx) => {
    await endHold(tx, accountId, userId, webhookId)
    return 0
  })
}

/** Switches on or off, and ends a hold: what was held is cancelled, or there is nothing. */
const setSwitch = (db: Queryable, accountId: string, webhookId: string, enabled: boolean) =>
  db
    .update(webhooks)
    .set({ enabled, turnedOff: null, switchedAt: sql`hub_now()`, ...notHeld })
    .where(liveWebhook(accountId, webhookId))

/** Deletes a webhook: cancels its queued deliveries and frees its name. Its past calls stay. */
export async function deleteWebhook(
  db: Transactional,
  accountId: string,
  userId: string | null,
  webhookId: string,
): Promise<SwitchResult> {
  return change(db, accountId, webhookId, async (tx, { name }) => {
    await tx
      .update(webhooks)
      .set({ deletedAt: sql`hub_now()`, ...notHeld })
      .where(liveWebhook(accountId, webhookId))
    const cancelled = await cancelQueued(tx, accountId, webhookId, 'deleted')
    await raiseConfigVersion(tx, accountId)
    await recordAudit(tx, accountId, userId, 'webhook.deleted', auditSubject(webhookId), { name, cancelled })
    return cancelled
  })
}

type Webhook = NonNullable<Awaited<ReturnType<typeof readWebhookState>>>

/** Runs `run` in a transaction with the account locked. `run` returns how many deliveries it cancelled. */
const change = (
  db: Transactional,
  accountId: string,
  webhookId: string,
  run: (tx: Queryable, webhook: Webhook) => Promise<number>,
): Promise<SwitchResult> =>
  retryDeadlock(() =>
    db.transaction(async (tx): Promise<SwitchResult> => {
      await lockAccount(tx, accountId)
      const webhook = await readWebhookState(tx, accountId, webhookId)
      if (!webhook) return { outcome: 'gone' }
      return { outcome: 'done', name: webhook.name, cancelled: await run(tx, webhook) }
    }),
  )

/** Resets health, except the rate limit and the time of its next permit. */
async function resetHealth(db: Queryable, accountId: string, webhookId: string) {
  await db
    .update(webhookHealth)
    .set({
      state: 'healthy',
      failures: 0,
      failingSince: null,
      pausedUntil: null,
      probes: 0,
      probeAt: null,
      ramp: 0,
      toldFailing: false,
      toldExhausted: false,
      toldTurningOff: false,
    })
    .where(and(eq(webhookHealth.accountId, accountId), eq(webhookHealth.webhookId, webhookId)))
  await closeNotices(db, accountId, webhookId)
}
