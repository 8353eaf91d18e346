import { and, eq, max } from 'drizzle-orm'
import { recordAudit } from '../accounts/audit'
import { raiseConfigVersion } from '../accounts/config-version'
import type { Database, Queryable } from '../db/client'
import { accounts, preSharedKeys } from '../db/schema'
import { seal, unseal } from '../secrets/seal'
import type { Secret } from '../secrets/secret'
import { keepOwnHeaders } from './account-key-webhooks'
import { lockAccount } from './account-lock'
import { preSharedKeyPlace } from './seal-places'

// The account-wide pre-shared key (Feefo, “WebHooks”). Versions are numbered and kept: queue rows and calls name the one
// in force when their event was triggered.

/** The version in force and since when it is; undefined when no key is set. The key itself is not read. */
export async function readPreSharedKeyState(db: Queryable, accountId: string) {
  const [inForce] = await db
    .select({ version: preSharedKeys.version, since: preSharedKeys.createdAt })
    .from(accounts)
    .innerJoin(
      preSharedKeys,
      and(eq(preSharedKeys.accountId, accounts.id), eq(preSharedKeys.version, accounts.preSharedKeyVersion)),
    )
    .where(eq(accounts.id, accountId))
  return inForce
}

/**
 * Sets the key for events accepted from now on. Changes nothing when this key is already in force. An own header is never
 * replaced by a key that is added.
 */
export async function setPreSharedKey(
  db: Database,
  accountId: string,
  userId: string | null,
  key: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { preSharedKeyVersion: before } = await lockAccount(tx, accountId)
    if (before !== null && (await openPreSharedKey(tx, accountId, before))?.reveal() === key) return
    const [last] = await tx
      .select({ version: max(preSharedKeys.version) })
      .from(preSharedKeys)
      .where(eq(preSharedKeys.accountId, accountId))
    const version = (last?.version ?? 0) + 1
    const sealed = seal(key, preSharedKeyPlace(accountId, version))
    if (before === null) await keepOwnHeaders(tx, accountId)
    await tx.insert(preSharedKeys).values({ accountId, version, sealed })
    await putInForce(tx, accountId, version)
    const action = before === null ? 'pre-shared-key.added' : 'pre-shared-key.changed'
    await recordAudit(tx, accountId, userId, action, 'pre-shared key', { version })
  })
}

/** Removes the key for events accepted from now on. Deliveries triggered before keep theirs. */
export async function removePreSharedKey(db: Database, accountId: string, userId: string | null): Promise<void> {
  await db.transaction(async (tx) => {
    const { preSharedKeyVersion: version } = await lockAccount(tx, accountId)
    if (version === null) return
    await putInForce(tx, accountId, null)
    await recordAudit(tx, accountId, userId, 'pre-shared-key.removed', 'pre-shared key', { version })
  })
}

/** Opens the key in force for a person to read and records that in the audit log; undefined when no key is set. */
export async function revealPreSharedKey(
  db: Database,
  accountId: string,
  userId: string | null,
): Promise<Secret | undefined> {
  return db.transaction(async (tx) => {
    const state = await readPreSharedKeyState(tx, accountId)
    if (!state) return undefined
    await recordAudit(tx, accountId, userId, 'pre-shared-key.revealed', 'pre-shared key', { version: state.version })
    return openPreSharedKey(tx, accountId, state.version)
  })
}

/** Opens one version of the key, for sending or comparing; undefined when there is no such version. */
export async function openPreSharedKey(db: Queryable, accountId: string, version: number): Promise<Secret | undefined> {
  const [row] = await db
    .select({ sealed: preSharedKeys.sealed })
    .from(preSharedKeys)
    .where(and(eq(preSharedKeys.accountId, accountId), eq(preSharedKeys.version, version)))
  return row && unseal(row.sealed, preSharedKeyPlace(accountId, version))
}

async function putInForce(db: Queryable, accountId: string, version: number | null) {
  await db.update(accounts).set({ preSharedKeyVersion: version }).where(eq(accounts.id, accountId))
  await raiseConfigVersion(db, accountId)
}
