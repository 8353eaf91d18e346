import { and, asc, eq } from 'drizzle-orm'
import type pg from 'pg'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeAccount, makeWebhook, type TestAccount } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { accounts, audit, webhookSecrets } from '../db/schema'
import { endOverlap, rotateSecret, signAtMost } from './rotate-secret'
import { rotationSchema } from './rotation-schema'
import { openSigningSecrets, type SealedSigningSecret, sealedSecretsSql, secretsAt } from './secrets-in-force'
import { listSigningSecrets, revealSigningSecret } from './signing-secret'
import { deleteWebhook } from './switch-webhook'

let db: Database
let pool: pg.Pool
beforeAll(async () => {
  ;({ db, pool } = await createTestDatabase())
})
/** The database's clock, so many hours from now. */
const setClock = (hours: number) =>
  pool.query(
    `create or replace function hub_now() returns timestamptz language sql stable parallel safe as $$ select now() + interval '${hours} hours' $$`,
  )
beforeEach(() => setClock(0))

const several = { format: 'standard', secret: `whsec_${btoa('the first of several signing keys')}` } as const
const one = { format: 'wootric', secret: 'the first secret' } as const
const generated = (overlapHours: number) => ({ entered: false, secret: '', overlapHours })
const entered = (secret: string, overlapHours: number) => ({ entered: true, secret, overlapHours })
const rotate = (account: TestAccount, webhookId: string, rotation: ReturnType<typeof entered>) =>
  rotateSecret(db, { ...account, webhookId, rotation })

/** The texts that sign a call made now, newest first, as a drainer picks them. */
async function signing({ accountId }: TestAccount, webhookId: string): Promise<string[]> {
  const { rows } = await pool.query<{ secrets: SealedSigningSecret[]; now: number }>(
    `select ${sealedSecretsSql} as secrets, extract(epoch from hub_now())::float8 * 1000 as now
    from webhooks w where w.account_id = $1 and w.id = $2`,
    [accountId, webhookId],
  )
  const [row] = rows
  if (!row) throw new Error('there is no such webhook')
  return secretsAt(openSigningSecrets(row.secrets, accountId, webhookId), row.now).map(({ secret }) => secret.reveal())
}
const newest = async ({ accountId }: TestAccount, webhookId: string) => {
  const [row] = await listSigningSecrets(db, accountId, webhookId)
  return (await revealSigningSecret(db, accountId, null, webhookId, row?.version))?.reveal() ?? ''
}

describe('a format that carries several signatures', () => {
  test('signs with the new and the former secret until the overlap ends', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account, several)
    expect(await rotate(account, webhookId, generated(24))).toEqual({ ok: true, value: { version: 2 } })
    const made = await newest(account, webhookId)
    expect(made).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(await signing(account, webhookId)).toEqual([made, several.secret])
    await setClock(23.9)
    expect(await signing(account, webhookId)).toEqual([made, several.secret])
    await setClock(24.1)
    expect(await signing(account, webhookId)).toEqual([made])
  })

  test('signs with the new one alone at once when there is no overlap', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account, several)
    await rotate(account, webhookId, generated(0))
    expect(await signing(account, webhookId)).toEqual([await newest(account, webhookId)])
  })

  test('rotated again, keeps the end of each former secret, but not beyond the new overlap', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account, several)
    await rotate(account, webhookId, generated(2))
    const second = await newest(account, webhookId)
    await rotate(account, webhookId, generated(24))
    const third = await newest(account, webhookId)
    expect(await signing(account, webhookId)).toEqual([third, second, several.secret])
    await setClock(2.1)
    expect(await signing(account, webhookId)).toEqual([third, second])
    await rotate(account, webhookId, generated(1))
    await setClock(3.2)
    expect(await signing(account, webhookId)).toEqual([await newest(account, webhookId)])
  })

  test('refuses a rotation that would make more than five secrets sign at once', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account, several)
    for (let i = 1; i < signAtMost; i++)
      expect(await rotate(account, webhookId, generated(24))).toMatchObject({ ok: true })
    expect(await rotate(account, webhookId, generated(24))).toMatchObject({
      ok: false,
      errors: [{ field: 'overlapHours' }],
    })
    expect(await signing(account, webhookId)).toHaveLength(signAtMost)
    expect(await rotate(account, webhookId, generated(0))).toMatchObject({ ok: true })
    expect(await signing(account, webhookId)).toHaveLength(1)
  })
})

describe('a format that carries one signature', () => {
  test('goes on with the former secret and switches when the overlap ends', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account, one)
    await rotate(account, webhookId, entered('the second secret', 168))
    const [next, present] = await listSigningSecrets(db, account.accountId, webhookId)
    expect(next).toMatchObject({ version: 2, waiting: true, expiresAt: null })
    expect(next?.signsFrom).toEqual(present?.expiresAt)
    expect(await signing(account, webhookId)).toEqual([one.secret])
    await setClock(167.9)
    expect(await signing(account, webhookId)).toEqual([one.secret])
    await setClock(168.1)
    expect(await signing(account, webhookId)).toEqual(['the second secret'])
  })

  test('switches at once when there is no overlap', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account, one)
    await rotate(account, webhookId, entered('the second secret', 0))
    expect(await signing(account, webhookId)).toEqual(['the second secret'])
  })

  test('rotated before the switch, replaces the waiting secret, which never signs, and uses the new switch time', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account, one)
    await rotate(account, webhookId, entered('the second secret', 24))
    await rotate(account, webhookId, entered('the third secret', 48))
    expect(await listSigningSecrets(db, account.accountId, webhookId)).toMatchObject([{ version: 3 }, { version: 1 }])
    for (const [hours, secret] of [
      [0, one.secret],
      [24.1, one.secret],
      [47.9, one.secret],
      [48.1, 'the third secret'],
    ] as const) {
      await setClock(hours)
      expect(await signing(account, webhookId), `after ${hours} h`).toEqual([secret])
    }
  })

  test('accepts the waiting secret again, which moves its switch time', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account, one)
    await rotate(account, webhookId, entered('the second secret', 168))
    await rotate(account, webhookId, entered('the second secret', 0))
    expect(await signing(account, webhookId)).toEqual(['the second secret'])
  })
})

test.each([several, one])(
  'after an overlap is ended early, $format signs with the newest secret alone',
  async (form) => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account, form)
    const end = () => endOverlap(db, account.accountId, account.userId, webhookId)
    expect(await end()).toEqual({ ok: true, value: { ended: false } })
    await rotate(account, webhookId, generated(168))
    const made = await newest(account, webhookId)
    expect(await end()).toEqual({ ok: true, value: { ended: true } })
    expect(await signing(account, webhookId)).toEqual([made])
    await setClock(170)
    expect(await signing(account, webhookId)).toEqual([made])
  },
)

test('a rotation raises the config version, is in the audit log without the secret, and seals the secret for its place', async () => {
  const account = await makeAccount(db)
  const webhookId = await makeWebhook(db, account, one)
  const configVersion = async () =>
    (await db.select().from(accounts).where(eq(accounts.id, account.accountId)))[0]?.configVersion ?? 0
  const before = await configVersion()
  await rotate(account, webhookId, entered('a secret of my own', 12))
  expect(await configVersion()).toBe(before + 1)
  const entries = await db
    .select()
    .from(audit)
    .where(and(eq(audit.accountId, account.accountId), eq(audit.action, 'webhook.secret-rotated')))
  expect(entries).toMatchObject([{ userId: account.userId, detail: { version: 2, entered: true, overlapHours: 12 } }])
  const rows = await db
    .select()
    .from(webhookSecrets)
    .where(eq(webhookSecrets.webhookId, webhookId))
    .orderBy(asc(webhookSecrets.version))
  expect(JSON.stringify([entries, rows])).not.toContain('a secret of my own')
})

test('revealing opens the named version or the one that signs now, and never one that has ended', async () => {
  const account = await makeAccount(db)
  const webhookId = await makeWebhook(db, account, one)
  await rotate(account, webhookId, entered('the second secret', 24))
  const reveal = async (version?: number) =>
    (await revealSigningSecret(db, account.accountId, account.userId, webhookId, version))?.reveal()
  expect(await reveal()).toBe(one.secret)
  expect(await reveal(2)).toBe('the second secret')
  await setClock(24.1)
  expect(await reveal()).toBe('the second secret')
  expect(await reveal(1)).toBeUndefined()
})

describe('a rotation is refused', () => {
  test('with the secret that signs already, at its field', async () => {
    const account = await makeAccount(db)
    const webhookId = await makeWebhook(db, account, one)
    expect(await rotate(account, webhookId, entered(one.secret, 24))).toMatchObject({
      ok: false,
      errors: [{ field: 'secret' }],
    })
  })

  test('for another account’s WebHook, which stays as it is', async () => {
    const owner = await makeAccount(db)
    const stranger = await makeAccount(db)
    const webhookId = await makeWebhook(db, owner, one)
    expect(await rotate(stranger, webhookId, generated(0))).toMatchObject({ ok: false })
    expect(await endOverlap(db, stranger.accountId, stranger.userId, webhookId)).toMatchObject({ ok: false })
    expect(await listSigningSecrets(db, stranger.accountId, webhookId)).toEqual([])
    expect(await revealSigningSecret(db, stranger.accountId, stranger.userId, webhookId, 1)).toBeUndefined()
    expect(await signing(owner, webhookId)).toEqual([one.secret])
  })

  test('for a deleted WebHook, and for a format that is not signed', async () => {
    const account = await makeAccount(db)
    const deleted = await makeWebhook(db, account, one)
    await deleteWebhook(db, account.accountId, account.userId, deleted)
    expect(await rotate(account, deleted, generated(0))).toMatchObject({ ok: false })
    const unsigned = await makeWebhook(db, account, { format: 'feefo' })
    expect(await rotate(account, unsigned, generated(0))).toMatchObject({ ok: false })
  })
})

describe('the fields of a rotation', () => {
  test.each([0, 1, 24, 168])('an overlap of %s hours is accepted', (overlapHours) => {
    expect(rotationSchema('wootric').safeParse({ entered: false, overlapHours }).success).toBe(true)
  })

  test.each([-1, 168.5, 169, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '24', null])(
    'an overlap of %s is refused at its field',
    (overlapHours) => {
      const { error } = rotationSchema('wootric').safeParse({ entered: false, overlapHours })
      expect(error?.issues).toMatchObject([{ path: ['overlapHours'], message: /whole hours from 0 to 168/ }])
    },
  )

  test('an entered secret that the format can’t use is refused at its field', () => {
    const parse = (value: boolean) =>
      rotationSchema('standard').safeParse({ entered: value, secret: 'too short', overlapHours: 24 })
    expect(parse(true).error?.issues).toMatchObject([{ path: ['secret'] }])
    expect(parse(false).success).toBe(true)
  })
})
