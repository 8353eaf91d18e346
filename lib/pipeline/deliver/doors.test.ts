import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'

// Every way out of the process that this code knows, by name: a stranger's URL is called through guarded-connector.ts
// and looked up through resolve-name.ts. A file that opens another one has to be entered here, and say for whom.

const root = path.resolve(import.meta.dirname, '../../..')
const ways = /^(node:)?(https?|http2|net|tls|dns|dns\/promises|dgram|undici(\/.+)?|nodemailer|ws|axios|got|node-fetch)$/

/** By file: what it imports of the network, without what is only a type. */
const doors: Record<string, { imports: string[]; why: string }> = {
  'lib/pipeline/deliver/guarded-connector.ts': { imports: ['node:net'], why: 'the guard itself' },
  'lib/pipeline/deliver/opening.ts': { imports: ['node:tls'], why: 'instanceof alone' },
  'lib/pipeline/deliver/resolve-name.ts': { imports: ['node:dns', 'node:dns/promises'], why: 'the guard’s look-up' },
  'lib/pipeline/deliver/undici.ts': {
    imports: ['undici/lib/core/connect.js', 'undici/lib/dispatcher/client.js', 'undici/lib/dispatcher/pool.js'],
    why: 'for the guarded connector, and for the pool that targets.ts opens on it',
  },
  'lib/pipeline/deliver/target-check.ts': { imports: ['node:net'], why: 'isIP alone' },
  'lib/http/http-server.ts': { imports: ['node:http'], why: 'the hub’s own server' },
  'lib/pages/forward.ts': { imports: ['node:http'], why: 'the process of the pages, on its Unix socket' },
  'lib/pages/pages-main.ts': { imports: ['node:http'], why: 'the server of the pages, on its Unix socket' },
  'lib/notices/open-mail.ts': { imports: ['nodemailer'], why: 'the SMTP server that the operator names' },
  'lib/recipes/recipes.ts': { imports: ['http'], why: 'in a line that a page shows people to run' },
}

const sources = ['lib', 'app', 'components', '.'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: folder !== '.', encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => path.posix.join(folder, name.replaceAll('\\', '/')))
    // Shown to people for their own receivers; no part of the hub.
    .filter((file) => !file.startsWith('lib/verify/snippets/')),
)
const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8')

const imported = (text: string): string[] =>
  [
    ...text.matchAll(
      /(?:^import (?!type\b)[^'"]*|^export (?:\*|\{[^}]*\})[^'"]*from |\bimport\(|\brequire\()['"]([^'"]+)['"]/gm,
    ),
  ]
    .map(([, name]) => name as string)
    .filter((name) => ways.test(name))

describe('a way out of the process', () => {
  test('is opened by the files named here, and by no other', () => {
    const found = Object.fromEntries(
      sources.map((file) => [file, imported(textOf(file)).sort()] as const).filter(([, names]) => names.length > 0),
    )
    const known = Object.entries(doors).filter(([file]) => sources.includes(file))
    expect(found).toEqual(Object.fromEntries(known.map(([file, { imports }]) => [file, imports])))
    // The search finds what it is there to find.
    expect(
      imported("import dns from 'node:dns'\nimport { fetch } from 'undici'\nawait import('node:net')"),
    ).toHaveLength(3)
  })

  test('is no fetch, but for pages that ask their own hub', () => {
    const calling = sources.filter((file) =>
      /(?<![.\w])fetch\(/.test(textOf(file).replaceAll(/^\s*(\/\/|\*).*$/gm, '')),
    )
    // Code that a page shows people to run.
    const shown = 'components/accounts/ingest-example.ts'
    expect(calling).toContain(shown)
    for (const file of calling.filter((file) => file !== shown))
      expect(textOf(file), file).toMatch(/^'use client'|^import .* from 'react'$/m)
  })

  test('is a pool of undici only where it gets the guarded connector', () => {
    const users = sources.filter((file) => /from '[./]+(deliver\/)?undici'/.test(textOf(file)))
    expect(users.sort()).toEqual(['lib/pipeline/deliver/call-pool.ts', 'lib/pipeline/deliver/guarded-connector.ts'])
    const opening = sources.filter((file) => /\bnew (CallPool|CallClient|Pool|Client)\(/.test(textOf(file)))
    expect(opening.sort()).toEqual(['lib/pipeline/deliver/call-pool.ts', 'lib/pipeline/deliver/targets.ts'])
    expect(textOf('lib/pipeline/deliver/targets.ts').match(/new CallPool\(/g)).toHaveLength(1)
    expect(textOf('lib/pipeline/deliver/targets.ts')).toMatch(
      /new CallPool\(origin, \{\n\s+connect: guardedConnector\(/,
    )
  })

  test('is asked for by deliver() alone, with a pool of openClient', () => {
    const callers = sources.filter(
      (file) => /\bdeliver\(/.test(textOf(file)) && /from '[./]+(pipeline\/)?(deliver\/)?deliver'/.test(textOf(file)),
    )
    expect(callers.sort()).toEqual(['lib/pipeline/drain/make-call.ts', 'lib/test-fires/test-fire.ts'])
    const openers = sources.filter((file) => /\bopenClient\(/.test(textOf(file)))
    expect(openers.sort()).toEqual(['lib/pipeline/deliver/targets.ts', 'lib/test-fires/test-fire.ts'])
  })
})

test('every door that takes a webhook’s URL asks checkTarget', () => {
  const asking = sources.filter((file) => /\bcheckTarget\(/.test(textOf(file)) && !file.endsWith('target-check.ts'))
  expect(asking.sort()).toEqual(['lib/test-fires/test-fire-form.ts', 'lib/webhooks/parse-webhook-form.ts'])
  // Who parses the form by itself has no URL judged by the DNS.
  const parsing = sources.filter(
    (file) => /\bwebhookFormSchema\(/.test(textOf(file)) && !file.startsWith('components/'),
  )
  expect(parsing.sort()).toEqual(['lib/webhooks/parse-webhook-form.ts'])
})
