import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConfigurationError, parseEnv } from '../env'
import { localSecrets } from './local-secrets'

let dir: string
beforeEach(() => {
  dir = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-secrets-'))
})
afterEach(() => fs.rmSync(dir, { recursive: true }))

test('makes secrets that the configuration takes, once, for their owner alone', () => {
  const made = localSecrets(dir)
  parseEnv({ DATABASE_URL: 'postgresql:///x', HEARBACK_URL: 'http://localhost', ...made })
  expect(localSecrets(dir)).toEqual(made)
  expect(fs.statSync(path.join(dir, 'secrets.json')).mode & 0o777).toBe(0o600)
  expect(fs.readdirSync(dir)).toEqual(['secrets.json'])
})

test('makes other secrets in another folder', () => {
  const made = localSecrets(dir)
  fs.rmSync(path.join(dir, 'secrets.json'))
  expect(localSecrets(dir).HEARBACK_SECRET_KEYS.split(':')[0]).not.toBe(made.HEARBACK_SECRET_KEYS.split(':')[0])
})

test('never replaces secrets that it cannot read', () => {
  const file = path.join(dir, 'secrets.json')
  fs.writeFileSync(file, '{"HEARBACK_SECRET_KEYS":"cut off')
  expect(() => localSecrets(dir)).toThrow(ConfigurationError)
  expect(fs.readFileSync(file, 'utf8')).toBe('{"HEARBACK_SECRET_KEYS":"cut off')
})
