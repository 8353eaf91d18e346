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
const open = async (accountId: string) => (await openNotices(db, accountId)).listed.map(({ kind }) => kind)

describe('open notices', () => {
  test('are those of the account, with the webhook’s name at that time and the next step', async () => {
    const { accountId, webhookId, ids } = await makeTold('failing')
    await makeTold('failing')
    const since = Date.parse('2026-11-20T10:12:30.000Z')
    expect(await openNotices(db, accountId)).toEqual({
      listed: [
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
      count: 1,
    })
  })

  test('without a stored name have the webhook’s current name', async () => {
    const { accountId, webhookId } = await makeTold()
    await makeNotice(db, accountId, webhookId, { detail: {} })
    expect((await openNotices(db, accountId)).listed).toMatchObject([
      { name: 'Low ratings', since: null, turnsOffAt: null },
    ])
  })

  test.each<[Kind[], Kind[]]>([
    [['failing'], ['failing']],
    [
      ['failing', 'exhausted'],
      ['failing', 'exhausted'],
    ],
    [['failing', 'turning-off'], ['turning-off']],
    [
      ['exhausted', 'failing', 'exhausted'],
      ['failing', 'exhausted'],
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

  test('are listed with the gravest first, 20 at most, and all are counted', async () => {
    const account = await makeAccount(db)
    const ids: string[] = []
    for (let i = 0; i < 22; i++) {
      const webhookId = await makeWebhook(db, account, { name: `Rule ${i}` })
      ids.push(await makeNotice(db, account.accountId, webhookId, { at: new Date(Date.now() - i * 1000) }))
    }
    const off = await makeWebhook(db, account, { name: 'Gone' })
    const gravest = await makeNotice(db, account.accountId, off, {
      kind: 'turned-off',
      at: new Date(Date.now() - 3_600_000),
    })
    await turnOff(off)
    const { listed, count } = await openNotices(db, account.accountId)
    expect([listed.map(({ id }) => id), count]).toEqual([[gravest, ...ids.slice(0, 19)], 23])
    await dismissNotice(db, account.accountId, gravest)
    expect((await openNotices(db, account.accountId)).count).toBe(22)
    expect(await openNotices(db, account.accountId, off)).toEqual({ listed: [], count: 0 })
  })

  test('of one webhook are its own', async () => {
    const { accountId, webhookId, ids } = await makeTold('failing')
    await tell({ accountId, webhookId: await makeWebhook(db, { accountId, userId: '' }) }, ['failing'])
    expect((await openNotices(db, accountId, webhookId)).listed.map(({ id }) => id)).toEqual(ids)
  })

  test('that a webhook has recovered are shown for 24 hours', async () => {
    const { accountId, ids } = await makeTold('failing', 'exhausted', 'well')
    const age = (hours: number) =>
      db.execute(sql`update notices set at = hub_now() - ${hours} * interval '1 hour' where id = ${ids[2]}`)
    await db.execute(sql`update notices set at = hub_now() - interval '2 days' where id <> ${ids[2]}`)
    await age(23)
    expect(await open(accountId)).toEqual(['well'])
    await age(25)
    expect(await open(accountId)).toEqual([])
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
    expect(await dismissNotice(db, mine.accountId, theirs.ids[0] as string)).toBe(false)
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
