import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { formatKeys } from '../formats/format'
import { openApiDocument } from './openapi-document'
import { operations } from './operations'

const document = openApiDocument('https://hub.test')

test('the document has every operation under its own name, and the calls of every format', () => {
  for (const { path: at, method, id } of operations) expect(document.paths?.[at]?.[method]?.operationId).toBe(id)
  expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length)
  expect(Object.keys(document.webhooks ?? {})).toEqual([...formatKeys])
})

test('the document has no fault that redocly knows', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-openapi-'))
  const file = path.join(folder, 'openapi.json')
  fs.writeFileSync(file, JSON.stringify(document))
  const { status, stdout, stderr } = spawnSync(
    'node_modules/.bin/redocly',
    ['lint', file, '--extends=recommended', '--max-problems=20'],
    { encoding: 'utf8', env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
  )
  fs.rmSync(folder, { recursive: true })
  expect(`${stdout}${stderr}`).toContain('valid')
  expect([status, stderr.match(/(\d+) errors?/)?.[0]]).toEqual([0, undefined])
})
