import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { getRequestListener } from '@hono/node-server'
import { afterAll, expect, test } from 'vitest'
import { aReceiver, until } from '@/e2e/fixtures/processes/pipeline'
import { openTestHub } from '@/e2e/fixtures/processes/test-hub'
import { openIngest } from '../pipeline/ingest/ingest'
import { openApi } from './open-api'

const operatorKey = randomBytes(24).toString('hex')
Object.assign(process.env, {
  HEARBACK_OPERATOR_KEY: operatorKey,
  HEARBACK_ALLOW_HTTP: 'always',
  HEARBACK_ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
})

const hub = await openTestHub()
const log = { error: console.error, warn: console.error } as never
const api = openApi({ db: hub.db, log, addressOf: () => '127.0.0.1' })
const ingest = openIngest({ db: hub.pool, hubUrl: 'https://hub.test', log })
const server = http.createServer(
  getRequestListener(
    (request) => (new URL(request.url).pathname === '/api/v1/events' ? ingest(request) : api(request)),
    {
      overrideGlobalObjects: false,
    },
  ),
)
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
afterAll(() => void server.close())

test('the quick start of README makes an account, a webhook and an event with three curl calls, and the event is delivered', async () => {
  const receiver = await aReceiver()
  const readme = fs.readFileSync('README.md', 'utf8')
  const block = /```sh\n(api=[\s\S]*?)```/.exec(readme)?.[1] ?? ''
  expect(block.match(/^curl /gm)).toHaveLength(3)
  const script = block
    .replace('http://localhost:3000', `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    .replace('https://www.example.com/hooks/feedback', receiver.url)
    .replaceAll(/^curl /gm, 'curl --silent --show-error --fail-with-body -w "\\n" ')
  const { stdout } = await promisify(execFile)('bash', ['-ec', script], {
    env: { ...process.env, HEARBACK_OPERATOR_KEY: operatorKey },
  })
  const [account, webhook, events] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(account).toMatchObject({ externalId: 'quay', identifier: 'quay' })
  expect(webhook).toMatchObject({ externalId: 'crm', switch: 'on' })
  expect(events).toMatchObject({ accepted: 1, events: [{ deliveries: 1 }] })
  hub.drain()
  await until(() => receiver.requests.length === 1)
})
