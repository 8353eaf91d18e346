import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '@/e2e/fixtures/postgres/database'
import type { TestDatabase } from '@/e2e/fixtures/postgres/open-databases'
import { ConfigurationError, parseEnv } from '../env'
import { localSecrets } from './local-secrets'

let dir: string
let empty: TestDatabase
beforeAll(async () => {
  empty = await createTestDatabase({ max: 1, migrated: false })
})
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-secrets-'))
})
afterEach(() => fs.rmSync(dir, { recursive: true }))

test('secrets are made once beside a new database, for their owner alone, and the configuration takes them', async () => {
  const made = await localSecrets(dir, empty.url)
  parseEnv({ DATABASE_URL: 'postgresql:///x', HEARBACK_URL: 'http://localhost', ...made })
  expect(await localSecrets(dir, empty.url)).toEqual(made)
  expect(fs.statSync(path.join(dir, 'secrets.json')).mode & 0o777).toBe(0o600)
  expect(fs.readdirSync(dir)).toEqual(['secrets.json'])
})

test('another folder gets other secrets', async () => {
  const made = await localSecrets(dir, empty.url)
  fs.rmSync(path.join(dir, 'secrets.json'))
  expect((await localSecrets(dir, empty.url)).HEARBACK_SECRET_KEYS.split(':')[0]).not.toBe(
    made.HEARBACK_SECRET_KEYS.split(':')[0],
  )
})

test('processes that start at the same time agree on one set of secrets', async () => {
  const sets = await Promise.all(Array.from({ length: 8 }, () => localSecrets(dir, empty.url)))
  expect(new Set(sets.map((set) => JSON.stringify(set))).size).toBe(1)
})

test('damaged secrets are refused and left as they are', async () => {
  const file = path.join(dir, 'secrets.json')
  fs.writeFileSync(file, '{"HEARBACK_SECRET_KEYS":"cut off')
  await expect(localSecrets(dir, empty.url)).rejects.toThrow(ConfigurationError)
  expect(fs.readFileSync(file, 'utf8')).toBe('{"HEARBACK_SECRET_KEYS":"cut off')
})

test('secrets that are missing beside a database in use are refused, and none are made', async () => {
  const used = await createTestDatabase({ max: 1 })
  const error = await localSecrets(dir, used.url).catch((error) => error)
  expect(error).toBeInstanceOf(ConfigurationError)
  expect(error.message).toMatch(
    /secrets\.json is missing, but .*: restore it from a backup, or set HEARBACK_SECRET_KEYS .*$/,
  )
  expect(fs.readdirSync(dir)).toEqual([])
})
