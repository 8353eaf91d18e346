import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { formatsDocument } from '../scripts/formats-doc'

test('formats.md is what the modules say; `npm run docs` writes it again', () => {
  const written = fs.readFileSync(path.join(import.meta.dirname, 'formats.md'), 'utf8')
  expect(written).toBe(formatsDocument())
})
