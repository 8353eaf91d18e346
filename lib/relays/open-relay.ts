import { randomBytes } from 'node:crypto'
import { and, count, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from '../db/client'
import { webhooks } from '../db/schema'
import { done, type FormResult, refused } from '../form-result'
import { formats } from '../formats/formats'
import { registerWebhook } from '../webhooks/register-webhook'
import { generateSecrets } from '../webhooks/signing-secret'
import { thermometerBoxes } from '../webhooks/thermometer'
import { liveWebhook } from '../webhooks/webhook-state'
import type { RelayForm } from './relay-schema'

/** A relay whose machine was not heard of for this long is closed. */
export const relayEndsAfterS = 60
/** The deadline of its calls: long enough for a look at a breakpoint. */
export const relayTimeoutS = 30
const relaysAtMost = 10

/** The address of a relay's webhook, which nobody can call (RFC 6761, 6.4). */
export const relayUrl = 'https://relay.invalid/'

export type OpenedRelay = { webhookId: string; name: string; secret: string | null }

/**
 * Opens a relay: registers a webhook that is held, so that no drainer calls it, for as long as its machine asks for calls.
 * Refuses one more than the account may have.
 */
export async function openRelay(
  db: Database,
  accountId: string,
  { format: key, events }: RelayForm,
): Promise<FormResult<OpenedRelay>> {
  const format = formats[key]
  const [open] = await db
    .select({ n: count() })
    .from(webhooks)
    .where(and(eq(webhooks.accountId, accountId), webhooks.relay, isNull(webhooks.deletedAt)))
  if ((open?.n ?? 0) >= relaysAtMost) return refused('This account has ten relays open: close one first.')
  const secret = generateSecrets()[key] ?? null
  const name = `hearback listen ${randomBytes(3).toString('hex')}`
  const saved = await registerWebhook(db, {
    accountId,
    userId: null,
    untested: true,
    relayForS: relayEndsAfterS,
    form: {
      name,
      url: relayUrl,
      format: key,
      encoding: 'json',
      events: events ?? format.offers.map(({ type }) => type),
      condition: format.conditions.includes('any')
        ? { kind: 'any' }
        : { kind: 'thermometer', boxes: [...thermometerBoxes] },
      onlyIf: [],
      sources: { kind: 'all' },
      authentication: 'account-key',
      ...{ basicUser: '', basicPassword: '', ownHeader: '', secret: secret ?? '', headers: [] },
      ...{ retries: 0, ratePerMinute: null, timeoutSeconds: relayTimeoutS, success: '2xx' as const },
    },
  })
  return saved.ok ? done({ webhookId: saved.value.webhookId, name, secret }) : saved
}

/** Notes that a relay's machine was heard of. False: there is no such relay any more. */
export async function keepRelay(db: Database, accountId: string, webhookId: string): Promise<boolean> {
  const { rowCount } = await db
    .update(webhooks)
    .set({ heldUntil: sql`hub_now() + make_interval(secs => ${relayEndsAfterS})` })
    .where(and(liveWebhook(accountId, webhookId), webhooks.relay))
  return rowCount === 1
}
