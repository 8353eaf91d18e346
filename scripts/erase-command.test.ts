import { execFile } from 'node:child_process'
import path from 'node:path'
import { expect, it } from 'vitest'
import { makeEvent } from '@/e2e/fixtures/data/calls'
import { makeAccount } from '@/e2e/fixtures/data/webhooks'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'

it('npm run erase counts without --yes and erases with it; whom is read from standard input', async () => {
  const test = await createTestDatabase()
  const { accountId } = await makeAccount(test.db, { identifier: 'quay' })
  await makeEvent(test.db, accountId, { customer: { email: 'priya@example.net' } })
  const erase = (...more: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        ['--import', 'tsx', 'scripts/erase.ts', '--account', 'quay', '--by', 'email', ...more],
        { cwd: path.resolve(import.meta.dirname, '..'), env: { ...process.env, DATABASE_URL: test.url } },
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
      )
      child.stdin?.end('Priya@Example.net\n')
    })
  const found = { feedback: 1, declines: 0, messages: 0, events: 1, deliveries: 0, calls: 0, cancelled: 0 }
  const bodies = async () => (await test.pool.query('select data from events')).rows
  const counted = await erase()
  expect(JSON.parse(counted.stdout)).toEqual({ state: 'counted', ...found })
  expect(counted.stderr).toContain('Nothing was erased. Repeat it with --yes to erase.')
  expect(await bodies()).toMatchObject([{ data: expect.stringContaining('priya') }])
  expect(JSON.parse((await erase('--yes')).stdout)).toEqual({ state: 'done', ...found })
  expect(await bodies()).toEqual([{ data: 'erased' }])
  const { rows } = await test.pool.query('select state from erasures where sealed_value is null order by id')
  expect(rows).toEqual([{ state: 'withdrawn' }, { state: 'done' }])
}, 60_000)
