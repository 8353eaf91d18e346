import { once } from 'node:events'
import net from 'node:net'
import { and, eq } from 'drizzle-orm'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeMember, makeNotice } from '@/e2e/fixtures/data/notices'
import { makeAccount, makeWebhook } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { silentLog, until } from '@/e2e/fixtures/processes/pipeline'
import { type MailServer, startMailServer } from '@/e2e/fixtures/receivers/mail-server'
import { openPool } from '../db/client'
import { accounts, notices, webhooks } from '../db/schema'
import { showId } from '../type-id'
import { startMailer } from './mailer'
import { openMail } from './open-mail'
import { sendDueMail } from './send-due-mail'

let base: TestDatabase
let server: MailServer
beforeAll(async () => {
  base = await createTestDatabase()
})
beforeEach(async () => {
  server = await startMailServer()
  await setClock(0)
  await base.db.update(notices).set({ mailAt: null })
})
afterEach(() => server.close())

const setClock = (minutes: number) =>
  base.pool.query(
    `create or replace function hub_now() returns timestamptz language sql stable parallel safe as $$ select now() + interval '${minutes} minutes' $$`,
  )
const mailBy = (url: string) =>
  openMail({ SMTP_URL: url, MAIL_FROM: 'Hearback <hub@hub.example>', HEARBACK_URL: 'https://hub.example' })
const send = () => sendDueMail(base.pool, mailBy(server.url), silentLog)
const read = async (id: string) => (await base.db.select().from(notices).where(eq(notices.id, id)))[0]
const sentTo = () => server.mails.flatMap(({ to }) => to).sort()

/** An account with an owner, an admin and a viewer, and a webhook. */
async function makeShop(name = 'Quay Ltd') {
  const account = await makeAccount(base.db, { name })
  const { accountId } = account
  const owner = await makeMember(base.db, accountId, 'owner')
  const admin = await makeMember(base.db, accountId, 'admin')
  await makeMember(base.db, accountId, 'viewer')
  const url = 'https://hooks.example.com/secret/path?token=abc'
  const webhookId = await makeWebhook(base.db, account, { name: 'Low ratings', url })
  return { ...account, owner, admin, webhookId, both: [admin, owner].sort() }
}

describe('a notice by mail', () => {
  test('goes to each owner and admin in a mail of their own, with the time in UTC and a link to the hub', async () => {
    const { accountId, webhookId, both } = await makeShop()
    await makeShop('Another Ltd')
    const id = await makeNotice(base.db, accountId, webhookId)
    expect(await send()).toBe(2)
    expect(sentTo()).toEqual(both)
    const [first] = server.mails
    expect(first).toMatchObject({
      from: 'hub@hub.example',
      subject: '“Low ratings” has been failing for 15 minutes (Quay Ltd)',
    })
    expect(first?.to).toHaveLength(1)
    expect(first?.raw).toMatch(/^From: Hearback <hub@hub\.example>/m)
    expect(first?.raw).toMatch(/^Auto-Submitted: auto-generated/m)
    expect(first?.text).toContain('No call to it succeeded since 20 Nov 2026, 10:12 UTC.')
    expect(first?.text).toContain('after 25 Nov 2026, 10:12 UTC')
    expect(first?.text).toContain(`https://hub.example/settings/webhooks/${showId('webhook', webhookId)}\n`)
    expect(first?.text).toContain('Endpoint: hooks.example.com')
    for (const { raw, text } of server.mails)
      for (const hidden of ['secret/path', 'token', 'Priya']) expect(raw + text).not.toContain(hidden)
    expect(await read(id)).toMatchObject({ mailAt: null, mailTries: 1 })
    expect(await send()).toBe(0)
    expect(server.mails).toHaveLength(2)
  })

  test('goes to the addresses that the account has set, and to nobody else', async () => {
    const { accountId, webhookId } = await makeShop()
    const noticeAddresses = ['ops@quay.example', 'dev@agency.example']
    await base.db.update(accounts).set({ noticeAddresses }).where(eq(accounts.id, accountId))
    const id = await makeNotice(base.db, accountId, webhookId)
    expect(await send()).toBe(2)
    expect(server.mails.flatMap(({ to }) => to)).toEqual(noticeAddresses)
    for (const { text } of server.mails) expect(text).toContain('the account settings of Quay Ltd in Hearback name')
    expect(await read(id)).toMatchObject({ mailAt: null, detail: { told: noticeAddresses } })
  })

  test.each([
    ['exhausted', {}, 'A delivery of “Low ratings” has used up its retries'],
    ['turning-off', { since: '2026-11-20T10:12:30Z' }, 'We turn “Low ratings” off in 24 hours'],
    ['turned-off', { reason: 'gone' }, 'We turned “Low ratings” off: it answered 410 Gone'],
    ['turned-off', { reason: 'failing' }, 'We turned “Low ratings” off after five days of failure'],
    ['well', { since: '2026-11-20T10:12:30Z' }, '“Low ratings” is well again'],
  ] as const)('of kind %s %j has a subject in plain words', async (kind, detail, title) => {
    const { accountId, webhookId } = await makeShop()
    await makeNotice(base.db, accountId, webhookId, { kind, detail })
    await send()
    expect(server.mails.map(({ subject }) => subject)).toEqual([`${title} (Quay Ltd)`, `${title} (Quay Ltd)`])
    expect(server.mails[0]?.text).toMatch(new RegExp(`^${title.replaceAll('.', '\\.')}\\.\n`))
  })

  test('gets no extra header from a rule name with line breaks', async () => {
    const { accountId, webhookId } = await makeShop('Quay\r\nBcc: thief@example.org')
    await makeNotice(base.db, accountId, webhookId, { detail: { name: 'Low\r\nX-Evil: yes\r\n\r\nbody' } })
    await send()
    expect(server.mails).toHaveLength(2)
    for (const { to, raw } of server.mails) {
      expect(to).toHaveLength(1)
      expect(raw.slice(0, raw.indexOf('\r\n\r\n'))).not.toMatch(/^(Bcc|X-Evil):/im)
    }
  })

  test('is not sent when the webhook has been deleted since', async () => {
    const { accountId, webhookId } = await makeShop()
    const id = await makeNotice(base.db, accountId, webhookId)
    await base.db
      .update(webhooks)
      .set({ deletedAt: new Date() })
      .where(and(eq(webhooks.accountId, accountId), eq(webhooks.id, webhookId)))
    expect(await send()).toBe(0)
    expect(await read(id)).toMatchObject({ mailAt: null })
  })

  test('stays due while no SMTP server is configured', async () => {
    const { accountId, webhookId } = await makeShop()
    const id = await makeNotice(base.db, accountId, webhookId)
    const before = await read(id)
    expect(openMail({ HEARBACK_URL: 'https://hub.example' })).toBeUndefined()
    expect(await sendDueMail(base.pool, undefined, silentLog)).toBe(0)
    expect(await read(id)).toEqual(before)
  })
})

describe('when mail does not get through', () => {
  test('after an outage of the SMTP server each person gets each mail once', async () => {
    const { accountId, webhookId, both } = await makeShop()
    const id = await makeNotice(base.db, accountId, webhookId)
    const { url } = server
    await server.close()
    for (const [tries, minutes] of [
      [1, 1],
      [2, 2],
      [3, 4],
    ] as const) {
      const at = Date.now()
      expect(await send()).toBe(0)
      const row = await read(id)
      expect(row?.mailTries).toBe(tries)
      expect(Math.abs((row?.mailAt?.getTime() ?? 0) - at - minutes * 60_000)).toBeLessThan(20_000)
      expect(await send()).toBe(0)
      expect((await read(id))?.mailTries).toBe(tries)
      await base.db
        .update(notices)
        .set({ mailAt: new Date(0) })
        .where(eq(notices.id, id))
    }
    server = await startMailServer({ port: Number(new URL(url).port) })
    expect(await send()).toBe(2)
    expect(sentTo()).toEqual(both)
    expect(await read(id)).toMatchObject({ mailAt: null })
  })

  test('an SMTP server that accepts the connection and never answers delays other mail only briefly', async () => {
    const { accountId, webhookId } = await makeShop()
    const id = await makeNotice(base.db, accountId, webhookId)
    const sockets = new Set<net.Socket>()
    const mute = net.createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1')
    await once(mute, 'listening')
    const began = performance.now()
    const { port } = mute.address() as net.AddressInfo
    expect(await sendDueMail(base.pool, mailBy(`smtp://127.0.0.1:${port}`), silentLog)).toBe(0)
    expect(performance.now() - began).toBeLessThan(21_000)
    for (const socket of sockets) socket.destroy()
    mute.close()
    expect(await read(id)).toMatchObject({ mailAt: expect.any(Date), mailTries: 1 })
  })

  test('a mail is given up after 24 hours', async () => {
    const { accountId, webhookId } = await makeShop()
    const id = await makeNotice(base.db, accountId, webhookId)
    const young = await makeNotice(base.db, accountId, webhookId, { at: new Date(Date.now() + 60_000 * 1440) })
    await setClock(24 * 60 + 1)
    expect(await send()).toBe(2)
    expect(await read(id)).toMatchObject({ mailAt: null, mailTries: 0 })
    expect(await read(young)).toMatchObject({ mailAt: null, mailTries: 1 })
  })

  test('an address that is refused for good is not tried again, and the others get their mail', async () => {
    const { accountId, webhookId, owner, admin } = await makeShop()
    server.refuse(owner, 550)
    const id = await makeNotice(base.db, accountId, webhookId)
    expect(await send()).toBe(1)
    expect(sentTo()).toEqual([admin])
    expect(await read(id)).toMatchObject({ mailAt: null })
  })

  test('an address that is refused for now gets its mail later, and nobody else gets it twice', async () => {
    const { accountId, webhookId, owner, admin } = await makeShop()
    server.refuse(owner, 451)
    const id = await makeNotice(base.db, accountId, webhookId)
    expect(await send()).toBe(1)
    expect(sentTo()).toEqual([admin])
    expect((await read(id))?.mailAt).not.toBeNull()
    server.refuse(owner, 0)
    await setClock(2)
    expect(await send()).toBe(1)
    expect(server.mails.map(({ to }) => to[0])).toEqual([admin, owner])
    expect(await read(id)).toMatchObject({ mailAt: null, mailTries: 2 })
  })

  test('an invalid address is skipped', async () => {
    const { accountId, webhookId, both } = await makeShop()
    await makeMember(base.db, accountId, 'admin', 'no address\r\nat all <')
    const id = await makeNotice(base.db, accountId, webhookId)
    expect(await send()).toBe(2)
    expect(sentTo()).toEqual(both)
    expect(await read(id)).toMatchObject({ mailAt: null, mailTries: 1 })
  })

  test('the mail of a mailer that died is sent by another after five minutes, only to those who have not got it', async () => {
    const { accountId, webhookId, both } = await makeShop()
    const id = await makeNotice(base.db, accountId, webhookId)
    const doomed = openPool(base.url, { max: 1 })
    const mail = mailBy(server.url)
    // After the first mail every query fails, as when the process was killed.
    const dying = sendDueMail(
      doomed,
      mail && {
        ...mail,
        send: async (to, letter) => {
          await mail.send(to, letter)
          await doomed.end()
        },
      },
      silentLog,
    )
    await expect(dying).rejects.toThrow()
    expect(server.mails).toHaveLength(1)
    expect(await send()).toBe(0)
    await setClock(6)
    expect(await send()).toBe(2)
    // The recipient whose mail was not recorded gets it twice, under one message id.
    expect([...new Set(sentTo())]).toEqual(both)
    expect(new Set(server.mails.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw)?.[1])).size).toBe(1)
    expect(await read(id)).toMatchObject({ mailAt: null, mailTries: 2 })
  })
})

describe('several mailers at once', () => {
  test('send each notice once to each person', async () => {
    const shops = await Promise.all(Array.from({ length: 12 }, () => makeShop()))
    for (const { accountId, webhookId } of shops) await makeNotice(base.db, accountId, webhookId)
    server.delay(5)
    const pools = Array.from({ length: 4 }, () => openPool(base.url, { max: 2 }))
    const sent = await Promise.all(pools.map((pool) => sendDueMail(pool, mailBy(server.url), silentLog)))
    await Promise.all(pools.map((pool) => pool.end()))
    expect(sent.reduce((sum, n) => sum + n)).toBe(24)
    expect(sent.filter((n) => n > 0).length).toBeGreaterThan(1)
    expect(sentTo()).toEqual(shops.flatMap(({ both }) => both).sort())
  })

  test('stop after the mail that is being sent, and leave the rest due', async () => {
    const { accountId, webhookId } = await makeShop()
    const id = await makeNotice(base.db, accountId, webhookId)
    server.delay(300)
    const mail = mailBy(server.url)
    if (!mail) throw new Error('no mail')
    const mailer = startMailer({ db: base.pool, mail, log: silentLog })
    await until(async () => (await read(id))?.mailTries === 1)
    await mailer.stop()
    const told = server.mails.length
    expect(told).toBeLessThan(2)
    expect((await read(id))?.detail.told ?? []).toHaveLength(told)
    expect(await send()).toBe(2 - told)
    expect(new Set(sentTo()).size).toBe(2)
  })
})
