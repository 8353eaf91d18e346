import { execFile } from 'node:child_process'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { hashApiKey } from '@/lib/accounts/api-key'
import { members } from '@/lib/db/people-schema'
import { accounts, apiKeys } from '@/lib/db/schema'

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})

type Ended = { code: number; stdout: string; stderr: string }
/** Runs the command with `password` on its standard input. */
const account = (args: string[], password = 'three small words') =>
  new Promise<Ended>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', 'scripts/account.ts', ...args],
      { cwd: path.resolve(import.meta.dirname, '..'), env: { ...process.env, DATABASE_URL: test.url } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
    child.stdin?.end(password && `${password}\n`)
  })
const lamps = ['create', '--name', 'Quay Lamps', '--email', 'priya@lamps.example']

describe('npm run account', () => {
  it('creates an account, its owner and a key that may post events', async () => {
    const { code, stdout } = await account([...lamps, '--api-key'])
    expect(code).toBe(0)
    const keys = stdout.split('\n').filter((line) => line.startsWith('api key: '))
    expect(keys).toEqual([expect.stringMatching(/^api key: hb_[\w-]{43}$/)])
    expect(await test.db.select().from(accounts)).toMatchObject([{ name: 'Quay Lamps', identifier: 'quay-lamps' }])
    expect(await test.db.select().from(members)).toMatchObject([{ role: 'owner' }])
    const [stored] = await test.db.select().from(apiKeys)
    expect(stored?.scopes).toEqual(['ingest'])
    expect(stored?.hash.equals(hashApiKey((keys[0] as string).slice('api key: '.length)))).toBe(true)
  })

  it('names in one line what is taken, and exits with 1', async () => {
    const { code, stdout, stderr } = await account(lamps)
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: 'There is already a person with this e-mail address.\n',
    })
  })

  it('takes no password on the command line', async () => {
    const { code, stderr } = await account([...lamps, '--password', 'three small words'])
    expect(stderr).toMatch(/^Unknown option '--password': .* with the password on standard input\n$/)
    expect(code).toBe(2)
  })

  it('refuses a common password in one line, and exits with 1', async () => {
    const { code, stderr } = await account([...lamps.slice(0, -1), 'jan@lamps.example'], 'password123')
    expect(stderr).toMatch(/^This is one of the most common passwords\..*\n$/)
    expect(code).toBe(1)
  })

  it.each([
    [['create', '--name', 'Chairs'], 'unread', /^--email is missing: .*\n$/],
    [lamps, 'short', /^Password: Use at least 10 characters.*\n$/],
    [lamps, '', /^There is no password on the standard input: .*\n$/],
    [['destroy'], 'unread', /^Say what to do: .*\n$/],
    [['create', '--colour', 'red'], 'unread', /^Unknown option '--colour': .*\n$/],
  ])('names in one line the fault of %j with the password %j, and exits with 2', async (args, password, line) => {
    const { code, stderr } = await account(args, password)
    expect(stderr).toMatch(line)
    expect(code).toBe(2)
  })
})
