import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { makeNotice } from '@/e2e/fixtures/data/notices'
import { makeAccount, makeWebhook } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { Database } from '../db/client'
import { type notices, webhooks } from '../db/schema'
import { deleteWebhook, switchWebhook } from '../webhooks/switch-webhook'
import { noticeWords } from './notice-words'
import { dismissNotice, openNotices } from './open-notices'

let db: Database
beforeAll(async () => {
  ;({ db } = await createTestDatabase())
})

type Kind = (typeof notices.$inferSelect)['kind']

/** A webhook with these notices, a minute apart, the last one a minute old. */
async function makeTold(...kinds: Kind[]) {
  const account = await makeAccount(db)
  const webhookId = await makeWebhook(db, account, { name: 'Low ratings' })
  return { ...account, webhookId, ids: await tell({ ...account, webhookId }, kinds) }
}
async function tell({ accountId, webhookId }: { accountId: string; webhookId: string }, kinds: Kind[]) {
  const ids: string[] = []
  for (const [i, kind] of kinds.entries())
    ids.push(
      await makeNotice(db, accountId, webhookId, { kind, at: new Date(Date.now() - (kinds.length - i) * 60_000) }),
    )
  return ids
}
const turnOff = (webhookId: string) =>
  db.update(webhooks).set({ enabled: false, turnedOff: 'failing' }).where(eq(webhooks.id, webhookId))
const open = async (accountId: string) => (await openNotices(db, accountId)).shown.map(({ kind }) => kind)

describe('open notices', () => {
  test('are those of the account, with the webhook’s name at that time and the next step', async () => {
    const { accountId, webhookId, ids } = await makeTold('failing')
    await makeTold('failing')
    const since = Date.parse('2026-11-20T10:12:30.000Z')
    expect(await openNotices(db, accountId)).toEqual({
      shown: [
        {
          id: ids[0],
          webhookId,
          kind: 'failing',
          name: 'Low ratings',
          at: expect.any(Number),
          since,
          turnsOffAt: since + 5 * 86_400_000,
          reason: null,
          exhausted: 0,
        },
      ],
      more: 0,
    })
  })

  test('without a stored name have the webhook’s current name', async () => {
    const { accountId, webhookId } = await makeTold()
    await makeNotice(db, accountId, webhookId, { detail: {} })
    expect((await openNotices(db, accountId)).shown).toMatchObject([
      { name: 'Low ratings', since: null, turnsOffAt: null },
    ])
  })

  test.each<[Kind[], Kind[]]>([
    [['failing'], ['failing']],
    [
      ['failing', 'exhausted'],
      ['exhausted', 'failing'],
    ],
    [['failing', 'turning-off'], ['turning-off']],
    [
      ['exhausted', 'failing', 'exhausted'],
      ['exhausted', 'failing'],
    ],
    [['failing', 'exhausted', 'turning-off', 'well'], ['well']],
    [['failing', 'well', 'failing'], ['failing']],
    [
      ['well', 'exhausted'],
      ['exhausted', 'well'],
    ],
  ])('after %j about a webhook that is on, %j are open', async (told, shown) => {
    const { accountId } = await makeTold(...told)
    expect(await open(accountId)).toEqual(shown)
  })

  test('about a webhook that the hub turned off say so, and no longer that calls continue', async () => {
    const { accountId, userId, webhookId } = await makeTold('failing', 'turning-off', 'exhausted', 'turned-off')
    await turnOff(webhookId)
    expect(await open(accountId)).toEqual(['turned-off', 'exhausted'])
    await switchWebhook(db, accountId, userId, webhookId, true)
    expect(await open(accountId)).toEqual([])
  })

  test('of the same moment are replaced by the one written last', async () => {
    const { accountId, webhookId } = await makeTold()
    const at = new Date()
    for (const kind of ['failing', 'turning-off'] as const) await makeNotice(db, accountId, webhookId, { kind, at })
    expect(await open(accountId)).toEqual(['turning-off'])
  })

  test('end when a person switches the webhook off, or deletes it', async () => {
    const { accountId, userId, webhookId } = await makeTold('failing')
    await switchWebhook(db, accountId, userId, webhookId, false)
    expect(await open(accountId)).toEqual([])
    const other = await makeTold('exhausted')
    await deleteWebhook(db, other.accountId, other.userId, other.webhookId)
    expect(await open(other.accountId)).toEqual([])
  })

  test('are the newest three, with the number of further ones', async () => {
    const account = await makeAccount(db)
    const ids: string[] = []
    for (let i = 0; i < 5; i++) {
      const webhookId = await makeWebhook(db, account, { name: `Rule ${i}` })
      ids.push(await makeNotice(db, account.accountId, webhookId, { at: new Date(Date.now() - i * 1000) }))
    }
    const { shown, more } = await openNotices(db, account.accountId)
    expect(shown.map(({ id }) => id)).toEqual(ids.slice(0, 3))
    expect(more).toBe(2)
    await dismissNotice(db, account.accountId, ids[0] as string)
    expect(await openNotices(db, account.accountId)).toMatchObject({
      shown: ids.slice(1, 4).map((id) => ({ id })),
      more: 1,
    })
  })

  test('older than 30 days are not shown', async () => {
    const { accountId, ids } = await makeTold('exhausted')
    await db.execute(sql`update notices set id = uuid_floor(now() - interval '31 days') where id = ${ids[0]}`)
    expect(await open(accountId)).toEqual([])
  })
})

describe('dismissing', () => {
  test('closes one notice, and the notices that it replaced stay closed', async () => {
    const { accountId, ids } = await makeTold('failing', 'turning-off')
    await dismissNotice(db, accountId, ids[1] as string)
    expect(await open(accountId)).toEqual([])
  })

  test('does not reach into another account', async () => {
    const [mine, theirs] = [await makeTold('failing'), await makeTold('failing')]
    await dismissNotice(db, mine.accountId, theirs.ids[0] as string)
    expect(await open(theirs.accountId)).toEqual(['failing'])
  })
})

test.each<Kind>(['failing', 'exhausted', 'turning-off', 'turned-off', 'well'])(
  'the words of %s name the rule, end with a full stop and never contain null',
  (kind) => {
    for (const since of [null, Date.parse('2026-11-20T10:12:30Z')])
      for (const reason of [null, 'gone', 'failing'] as const) {
        const turnsOffAt = since === null ? null : since + 1000
        const exhausted = since === null ? 0 : 1204
        const words = noticeWords({ kind, name: 'Low ratings', at: Date.now(), since, turnsOffAt, reason, exhausted })
        const what = words.what.map((part) => (typeof part === 'string' ? part : '20 Nov')).join('')
        expect(words.title).toContain('“Low ratings”')
        expect(`${what} ${words.cure}`).toMatch(/^([A-Z0-9][^.]*\. ?)+$/)
        expect(`${words.title} ${what} ${words.cure}`).not.toMatch(/null|undefined|NaN|\.\.|! |\s\s/)
      }
  },
)
