import { execFile } from 'node:child_process'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '@/e2e/fixtures/postgres/database'
import { hashApiKey } from '@/lib/accounts/api-keys'
import { members } from '@/lib/db/people-schema'
import { accounts, apiKeys } from '@/lib/db/schema'

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})

type Ended = { code: number; stdout: string; stderr: string }
const account = (...args: string[]) =>
  new Promise<Ended>((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'scripts/account.ts', ...args],
      { cwd: path.resolve(import.meta.dirname, '..'), env: { ...process.env, DATABASE_URL: test.url } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
const lamps = ['create', '--name', 'Quay Lamps', '--email', 'priya@lamps.example', '--password', 'three small words']

describe('npm run account', () => {
  it('makes an account, its owner and a key that may post events', async () => {
    const { code, stdout } = await account(...lamps, '--api-key')
    expect(code).toBe(0)
    const keys = stdout.split('\n').filter((line) => line.startsWith('api key: '))
    expect(keys).toEqual([expect.stringMatching(/^api key: hb_[\w-]{43}$/)])
    expect(await test.db.select().from(accounts)).toMatchObject([{ name: 'Quay Lamps', identifier: 'quay-lamps' }])
    expect(await test.db.select().from(members)).toMatchObject([{ role: 'owner' }])
    const [stored] = await test.db.select().from(apiKeys)
    expect(stored?.scopes).toEqual(['ingest'])
    expect(stored?.hash.equals(hashApiKey((keys[0] as string).slice('api key: '.length)))).toBe(true)
  })

  it('says in one line what is taken, and exits with 1', async () => {
    const { code, stdout, stderr } = await account(...lamps)
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is already a person with this e-mail address.\n',
    })
  })

  it.each([
    [['create', '--name', 'Chairs'], /^--email is missing: .*\n$/],
    [[...lamps.slice(0, -1), 'short'], /^--password: Use at least 10 characters.*\n$/],
    [['destroy'], /^Say what to do: .*\n$/],
    [['create', '--colour', 'red'], /^Unknown option '--colour': .*\n$/],
  ])('says in one line what it did not understand in %j, and exits with 2', async (args, line) => {
    const { code, stderr } = await account(...args)
    expect(stderr).toMatch(line)
    expect(code).toBe(2)
  })
})
