import { execFile } from 'node:child_process'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { hashApiKey } from '@/lib/accounts/api-key'
import { members, users } from '@/lib/db/people-schema'
import { accounts, apiKeys } from '@/lib/db/schema'
import { understand } from './account/arguments'

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
      {
        cwd: path.resolve(import.meta.dirname, '..'),
        env: { ...process.env, DATABASE_URL: test.url, HEARBACK_URL: '' },
      },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
    child.stdin?.end(password && `${password}\n`)
  })
const lamps = ['create', '--name', 'Quay Lamps', '--email', 'priya@lamps.example']
const jan = ['create', '--name', 'Quay Sofas', '--email', 'jan@lamps.example']

describe('npm run account', () => {
  it('creates an account, its owner and a key that may post events', async () => {
    const { code, stdout } = await account([...lamps, '--api-key'])
    expect(code).toBe(0)
    const keys = stdout.split('\n').filter((line) => line.startsWith('api key: '))
    expect(keys).toEqual([expect.stringMatching(/^api key: hbk_[0-9a-z]{8}_[\w-]{43}$/)])
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
      stderr: 'Another account has this identifier. Choose another.\n',
    })
  })

  it('gives a person who has a sign-in another account, and asks for no password', async () => {
    const { stdout } = await account([...lamps, '--identifier', 'quay-chairs'], '')
    expect(stdout).toBe('Account quay-chairs was created; priya@lamps.example owns it and signs in as before.\n')
    expect(await test.db.$count(users)).toBe(1)
    expect(await test.db.$count(members)).toBe(2)
  })

  it('lists accounts, suspends one and resumes it', async () => {
    expect((await account(['suspend', '--account', 'quay-chairs'])).stdout).toBe('Account quay-chairs is suspended.\n')
    expect((await account(['list'])).stdout).toBe(
      'quay-chairs\tQuay Lamps\t1 members\tpriya@lamps.example\tsuspended\n' +
        'quay-lamps\tQuay Lamps\t1 members\tpriya@lamps.example\n',
    )
    expect((await account(['resume', '--account', 'quay-chairs'])).stdout).toBe('Account quay-chairs is open.\n')
    expect(await account(['resume', '--account', 'quay-sofas'])).toMatchObject({ code: 1, stdout: '' })
  })

  it('makes a reset link alone on a line, and keeps only the hash of its token', async () => {
    const { stdout } = await account(['reset-link', '--email', 'priya@lamps.example'])
    const [, token = ''] = /^http:\/\/localhost:3000\/reset#([\w-]{43})\n$/.exec(stdout) ?? []
    expect(token).not.toBe('')
    const { rows } = await test.pool.query('select v::text as row from verifications v')
    expect(rows).toHaveLength(1)
    expect(rows[0].row).not.toContain(token)
    expect(await account(['reset-link', '--email', 'nobody@lamps.example'])).toMatchObject({ code: 1, stdout: '' })
  })

  it('makes a person an owner, or a link for one without a sign-in', async () => {
    await test.db.update(members).set({ role: 'viewer' })
    const owns = await account(['add-owner', '--account', 'quay-lamps', '--email', 'priya@lamps.example'])
    expect(owns.stdout).toBe('priya@lamps.example owns quay-lamps now.\n')
    const invited = await account(['add-owner', '--account', 'quay-lamps', '--email', 'jan@lamps.example'])
    expect(invited.stdout).toMatch(/^http:\/\/localhost:3000\/invitation#[\w-]{43}\n$/)
  })

  it('takes no password on the command line', () => {
    expect(() => understand([...lamps, '--password', 'three small words'])).toThrow(
      /^Unknown option '--password': .* with the password on standard input$/,
    )
  })

  it('refuses a common password in one line, and exits with 1', async () => {
    const { code, stderr } = await account(jan, 'password123')
    expect(stderr).toMatch(/^This is one of the most common passwords\..*\n$/)
    expect(code).toBe(1)
  })

  it.each([
    ['short', /^Password: Use at least 10 characters.*\n$/],
    ['', /^There is no password on the standard input: .*\n$/],
  ])('names in one line what is wrong with the password %j, and exits with 2', async (password, line) => {
    const { code, stderr } = await account(jan, password)
    expect(stderr).toMatch(line)
    expect(code).toBe(2)
  })

  it.each([
    [['create', '--name', 'Chairs'], /^--email is missing: .*$/],
    [['destroy'], /^Say what to do: .*$/],
    [['suspend', '--account', 'x', '--name', 'y'], /^--name is not for this: .*$/],
    [['create', '--colour', 'red'], /^Unknown option '--colour': .*$/],
  ])('names in one line the fault of %j, and exits with 2', (args, line) => {
    expect(() => understand(args)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(line), exitCode: 2 }),
    )
  })
})
