import { sql } from 'drizzle-orm'
import { recordAudit } from '../../accounts/audit'
import { raiseConfigVersion } from '../../accounts/config-version'
import type { Database, Queryable } from '../../db/client'
import { closeNotices } from '../../notices/open-notices'
import { writeNotices } from '../../notices/write-notices'
import { closeRelay } from '../../relays/close-relay'
import { lockAccount } from '../../webhooks/account-lock'
import { auditSubject } from '../../webhooks/audit-subject'
import { firstRamp } from './health'
import { longHoldMs } from './long-hold'

// The end of a hold, by a person or at its set time, and the notice of a long one. What waits is made due over a ramp.

const atATime = 100

/** The columns of a webhook that nobody holds. */
export const notHeld = { heldAt: null, heldUntil: null, toldHeld: false }

/**
 * Ends the hold of a webhook, in the caller's transaction, which has locked the account. `dueOnly`: only a hold whose set
 * time has come. Returns whether it ended one. A relay's has no end: drainers must not call it.
 */
export async function endHold(
  db: Queryable,
  accountId: string,
  userId: string | null,
  webhookId: string,
  { dueOnly = false } = {},
): Promise<boolean> {
  const { rowCount } = await db.execute(sql`
    update webhooks set held_at = null, held_until = null, told_held = false
    where account_id = ${accountId} and id = ${webhookId} and held_at is not null and deleted_at is null and not relay
      ${dueOnly ? sql`and held_until <= hub_now()` : sql``}`)
  if (rowCount === 0) return false
  await rampUp(db, accountId, webhookId)
  await closeNotices(db, accountId, webhookId, ['held'])
  await raiseConfigVersion(db, accountId)
  await recordAudit(db, accountId, userId, 'webhook.released', auditSubject(webhookId))
  return true
}

/** Makes what was held due over a ramp; where the webhook is probing, after the probe that succeeds. */
async function rampUp(db: Queryable, accountId: string, webhookId: string): Promise<void> {
  await db.execute(sql`
    insert into webhook_health as h (account_id, webhook_id, state, ramp, probe_at)
    values (${accountId}, ${webhookId}, 'ramping', ${firstRamp}, hub_now())
    on conflict (account_id, webhook_id) do update set state = excluded.state, ramp = excluded.ramp,
      probe_at = excluded.probe_at where h.state <> 'probing'`)
}

/** Ends the holds whose set time has come, closes relays at theirs, and writes the notices of long holds. */
export async function upkeepHolds(db: Database): Promise<void> {
  const { rows } = await db.execute<{ account_id: string; id: string; relay: boolean; due: boolean }>(sql`
    select account_id, id, relay, coalesce(held_until <= hub_now(), false) as due from webhooks
    where held_at is not null and ${sql.raw(holdsToUpkeep)} limit ${atATime}`)
  for (const { account_id: accountId, id, relay, due } of rows)
    await db.transaction(async (tx) => {
      await lockAccount(tx, accountId)
      if (due && relay) await closeRelay(tx, accountId, id, { dueOnly: true })
      else if (due) await endHold(tx, accountId, null, id, { dueOnly: true })
      else await tellOfHold(tx, accountId, id)
    })
}

/** SQL: there is something to do about a held webhook. */
export const holdsToUpkeep = `deleted_at is null and (held_until <= hub_now()
  or (not told_held and held_at <= hub_now() - interval '${longHoldMs} ms'))`

async function tellOfHold(db: Queryable, accountId: string, webhookId: string): Promise<void> {
  const { rows } = await db.execute<{ since: string }>(sql`
    update webhooks set told_held = true
    where account_id = ${accountId} and id = ${webhookId} and held_at is not null and ${sql.raw(holdsToUpkeep)}
    returning to_json(held_at) #>> '{}' as since`)
  const [told] = rows
  if (told) await writeNotices(db, [{ accountId, webhookId, kind: 'held', detail: { since: told.since } }])
}
