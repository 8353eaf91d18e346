import fs from 'node:fs'
import { expect, test } from 'vitest'
import { type FormatKey, formatKeys } from '../formats/format'
import { authentications } from '../webhooks/webhook-schema'
import { codeFiles, languages, readCode } from './receiver-code'
import { proofsOf, verificationOf } from './verification'

const shownOf = (format: FormatKey) =>
  authentications.flatMap((authentication) => {
    const proofs = proofsOf(format, authentication)
    return languages.flatMap((language) => codeFiles(language, format, proofs).map((file) => ({ file, proofs })))
  })

test.each(formatKeys)(
  'the code for %s names its headers and environment variable, and leaves no placeholder',
  async (format) => {
    for (const { file, proofs } of shownOf(format)) {
      const code = await readCode(file, proofs)
      expect(code).not.toContain('only:')
      if (file.proof === 'authorization') {
        expect(code).toContain('HEARBACK_AUTHORIZATION')
        expect(code).toContain('authorization')
      }
      if (file.proof === 'signature') {
        expect(code).toContain('HEARBACK_SECRET')
        for (const [header, holds] of verificationOf(format, 'account-key').headers)
          if (!holds.endsWith('Not signed.') && header !== 'Authorization') expect(code).toContain(header.toLowerCase())
      }
    }
  },
)

test('every file of lib/verify/snippets is shown for some format', () => {
  const shown = new Set(formatKeys.flatMap((format) => shownOf(format).map(({ file }) => file.from)))
  const there = fs
    .readdirSync('lib/verify/snippets', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.replace('lib/verify/snippets/', ''))
  expect([...shown].sort()).toEqual(there.sort())
})

test('the README shows the current file for Full event', () => {
  const file = fs.readFileSync('lib/verify/snippets/node/standard.mjs', 'utf8')
  expect(fs.readFileSync('README.md', 'utf8')).toContain(`\`\`\`js\n${file}\`\`\``)
})
