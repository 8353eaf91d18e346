import { readdirSync, readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { recordAudit } from '../accounts/audit'
import { asCaller } from '../accounts/caller'
import { createAccount } from '../accounts/create-account'
import { exportAudit } from './audit-export'
import { readAuditFilter } from './audit-filter'
import { listActors, readAuditLog, readWholeLog } from './audit-log'
import { actionWords, auditSubjects, detailLines } from './audit-words'

let test: TestDatabase
let accountId = ''
let userId = ''
beforeAll(async () => {
  test = await createTestDatabase()
  const [one, two] = [await makeAccount('one'), await makeAccount('two')]
  accountId = one.accountId
  userId = one.userId
  await recordAudit(test.db, two.accountId, two.userId, 'webhook.registered', 'of another account')
  for (let n = 0; n < 4; n++)
    await asCaller({ address: `192.0.2.${n}` }, () =>
      recordAudit(test.db, accountId, userId, 'webhook.updated', `webhook ${n}`, {
        url: { from: '', to: `=cmd,"${n}"` },
      }),
    )
  await recordAudit(test.db, accountId, null, 'webhook.turned-off', 'webhook 1', { reason: 'failing' })
})

async function makeAccount(word: string) {
  const account = {
    name: word,
    identifier: `shop-${word}`,
    email: `${word}@quay.example`,
    password: 'three small words',
  }
  const made = await createAccount(test.db, account)
  if (!made.ok) throw new Error('refused')
  return made.value
}
const read = async (filter: Parameters<typeof readAuditLog>[2]['filter']) =>
  (await readAuditLog(test.db, accountId, { filter })).rows

describe('the audit log', () => {
  it.each([
    [`update audit set action = 'nothing'`],
    [`delete from audit`],
    [`truncate audit`],
    [`truncate audit cascade`],
    [`set session_replication_role = replica; delete from audit`],
  ])('refuses to the owner of the database: %s', async (statement) => {
    const before = await test.pool.query('select count(*) from audit')
    const { rows } = await test.pool.query<{ owner: boolean }>(
      `select pg_catalog.pg_get_userbyid(datdba) = current_user as owner from pg_database where datname = current_database()`,
    )
    expect(rows[0]?.owner).toBe(true)
    const client = await test.pool.connect()
    try {
      await expect(client.query(statement)).rejects.toThrow('audit is append-only')
    } finally {
      client.release(true)
    }
    expect((await test.pool.query('select count(*) from audit')).rows).toEqual(before.rows)
  })

  it('says who changed what, when and from where, of one account alone', async () => {
    const rows = await read({})
    expect(rows.map(({ action }) => action)).toEqual([
      'webhook.turned-off',
      ...Array(4).fill('webhook.updated'),
      'account.created',
    ])
    expect(rows[0]).toMatchObject({ who: null, address: null, detail: { reason: 'failing' } })
    expect(rows[1]).toMatchObject({ who: 'one@quay.example', address: '192.0.2.3', at: expect.any(Date) })
    expect(await listActors(test.db, accountId)).toEqual([{ id: userId, email: 'one@quay.example' }])
  })

  it('is narrowed by subject, person and days, and read page by page', async () => {
    expect(await read({ about: 'account' })).toHaveLength(1)
    expect(await read({ who: 'hub' })).toHaveLength(2)
    expect(await read({ who: userId, about: 'webhook' })).toHaveLength(4)
    const day = new Date().toISOString().slice(0, 10)
    expect(await read({ from: day, to: day })).toHaveLength(6)
    expect(await read({ to: '2020-01-01' })).toHaveLength(0)
    const first = await readAuditLog(test.db, accountId, { filter: {}, size: 4 })
    const cursor = { from: first.next ?? '', backward: false }
    const second = await readAuditLog(test.db, accountId, { filter: {}, size: 4, cursor })
    expect([first.rows.length, second.rows.length, second.next]).toEqual([4, 2, null])
  })

  it.each([{ about: 'no good' }, { who: 'somebody' }, { from: '2026-02-30' }])('has no page for %j', (address) => {
    expect(readAuditFilter(address)).toBeUndefined()
  })

  it('is exported whole, as NDJSON and as CSV in which no text is a formula', async () => {
    const whole = () => readWholeLog(test.db, accountId, { about: 'webhook' })
    const lines = (await text(exportAudit(whole(), 'ndjson'))).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).action)).toHaveLength(5)
    const csv = await text(exportAudit(whole(), 'csv'))
    expect(csv.split('\r\n')).toHaveLength(7)
    expect(csv).toContain(`"{""url"":{""to"":""=cmd,\\""3\\"""",""from"":""""}}"`)
    const formula = { id: '', at: new Date(0), who: '=1+1', address: null, action: '', subject: '@x', detail: {} }
    const one = async function* () {
      yield [formula]
    }
    expect(await text(exportAudit(one(), 'csv'))).toContain(",'=1+1,,,'@x,{}")
  })

  it('has words for every subject that is recorded', () => {
    const sources = ['lib', 'scripts'].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => /(?<!\.test)\.ts$/.test(name))
        .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
    )
    const recorded = sources
      .filter((source) => /record(Person)?Audit\(/.test(source))
      .flatMap((source) => [...source.matchAll(/'([a-z-]+)\.[a-z-]+'/g)].map(([, subject = '']) => subject))
    expect([...new Set(recorded)].filter((subject) => !(subject in auditSubjects))).toEqual([])
    expect(actionWords('webhook.secret-revealed')).toBe('WebHook: secret revealed')
    expect(actionWords('member.role-changed')).toBe('Member: role changed')
    expect(detailLines({ role: { from: 'viewer', to: 'admin' }, npsEnabled: true, name: '' })).toEqual([
      'role: viewer → admin',
      'nps enabled: true',
      'name: –',
    ])
  })
})
