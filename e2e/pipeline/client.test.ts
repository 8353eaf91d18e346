import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiKey } from '@/lib/accounts/api-keys'
import { showId } from '@/lib/type-id'
import { buildClient, clientFolder, generateClient, installClientPackages } from '@/scripts/client-package'
import { type Hub, startHub } from '../fixtures/processes/hub'
import { aReceiver, makeLocalWebhook, makeSender, someEvent, until } from '../fixtures/processes/pipeline'
import { openTestHub } from '../fixtures/processes/test-hub'

// The published client: generated, packed, installed into an empty folder without a network, and used against a hub.

const run = promisify(execFile)
const pipeline = await openTestHub({ keepWork: true })
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-client-'))
const at = (name: string) => path.join(folder, name)
const bin = at('node_modules/.bin/hearback')

let hub: Hub
let account: Awaited<ReturnType<typeof makeSender>>
let environment: Record<string, string>

beforeAll(async () => {
  const { HEARBACK_SECRET_KEYS = '' } = process.env
  const starting = startHub({ databaseUrl: pipeline.url, environment: { HEARBACK_SECRET_KEYS } })
  installClientPackages()
  buildClient()
  const packed = await run('npm', ['pack', '--pack-destination', folder], { cwd: clientFolder })
  const archive = packed.stdout.trim().split('\n').at(-1) as string
  fs.writeFileSync(at('package.json'), '{ "private": true, "type": "module" }')
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', archive], { cwd: folder })
  account = await makeSender(pipeline)
  const scopes = ['ingest' as const, 'manage' as const]
  const { key } = await createApiKey(pipeline.db, account.accountId, null, { name: 'client', scopes })
  hub = await starting
  environment = { PATH: process.env.PATH ?? '', HEARBACK_URL: hub.url, HEARBACK_API_KEY: key }
}, 120_000)
afterAll(async () => {
  await hub?.stop()
  fs.rmSync(folder, { recursive: true, force: true })
})

/** Runs the installed command. */
const hearback = (...args: string[]) =>
  run(bin, args, { cwd: folder, env: environment as unknown as NodeJS.ProcessEnv }).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )

test('the generated part of the client is what the API’s schemas give now', () => {
  const made = at('generated')
  generateClient(made)
  const committed = path.join(clientFolder, 'src/generated')
  const filesOf = (place: string) => fs.readdirSync(place, { recursive: true, encoding: 'utf8' }).sort()
  const files = filesOf(made).filter((name) => name.endsWith('.ts'))
  expect(files.length).toBeGreaterThan(4)
  expect(filesOf(committed).filter((name) => name.endsWith('.ts'))).toEqual(files)
  const read = (place: string, name: string) => fs.readFileSync(path.join(place, name), 'utf8')
  expect(files.filter((name) => read(made, name) !== read(committed, name))).toEqual([])
})

test('the installed client needs no other package, has its types, and sends events once however often it is asked', async () => {
  expect(fs.readdirSync(at('node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['@hearback'])
  expect(fs.existsSync(at('node_modules/@hearback/client/dist/index.d.ts'))).toBe(true)
  fs.writeFileSync(
    at('use.js'),
    `import { connect, sendEvents } from '@hearback/client'
     import { verify } from '@hearback/client/verify'
     const { HEARBACK_URL: url, HEARBACK_API_KEY: apiKey } = process.env
     const events = [1, 2, 3].map((n) => ({ type: 'feedback.created', feedback: { id: 'fb-' + n, service: { rating: n } } }))
     const first = await sendEvents(events, { url, apiKey, batchSize: 2 })
     const second = await sendEvents(events, { url, apiKey })
     const { data } = await connect({ url, apiKey }).listEvents({ query: { limit: 2 } })
     console.log(JSON.stringify([first, second, data.data.length, typeof verify]))`,
  )
  const { stdout } = await run(process.execPath, ['use.js'], {
    cwd: folder,
    env: environment as unknown as NodeJS.ProcessEnv,
  })
  const [first, second, listed, verify] = JSON.parse(stdout)
  expect(first).toMatchObject({ accepted: 3, duplicates: 0, rejected: [] })
  expect(first.events.map(({ index }: { index: number }) => index)).toEqual([0, 1, 2])
  expect(second).toMatchObject({ accepted: 0, duplicates: 3 })
  expect([listed, verify]).toEqual([2, 'function'])
})

test('hearback listen makes a delivery’s call at the laptop, and hearback verify knows it for genuine', async () => {
  const receiver = await aReceiver({ status: 202, body: 'got it' })
  const listening = spawn(bin, ['listen', '--to', `${receiver.url}/hooks`], {
    cwd: folder,
    env: environment as unknown as NodeJS.ProcessEnv,
  })
  let output = ''
  listening.stdout.on('data', (chunk) => (output += chunk))
  listening.stderr.on('data', (chunk) => (output += chunk))
  await until(
    () => output.includes('signing secret'),
    15_000,
    () => output,
  )
  fs.writeFileSync(at('event.json'), JSON.stringify(someEvent({ id: 'listened' })))
  expect(await hearback('send', 'event.json')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^1 accepted.* 1 deliveries/),
  })
  await until(
    () => output.includes('202 in'),
    15_000,
    () => output,
  )

  const [request] = receiver.requests
  const secret = /signing secret: (\S+)/.exec(output)?.[1] ?? ''
  fs.writeFileSync(at('body'), request?.body ?? '')
  const headers = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].flatMap((name) => [
    ...['--header', `${name}: ${request?.headers[name]}`],
  ])
  expect(await hearback('verify', '--secret', secret, '--body', 'body', ...headers)).toMatchObject({ code: 0 })
  fs.appendFileSync(at('body'), ' ')
  expect(await hearback('verify', '--secret', secret, '--body', 'body', ...headers)).toMatchObject({ code: 1 })
  const [call] = await pipeline.rows('select status, response_body from calls where account_id = $1', [
    account.accountId,
  ])
  expect(call).toEqual({ status: 202, response_body: 'got it' })

  const exited = once(listening, 'exit')
  listening.kill('SIGINT')
  expect((await exited)[0]).toBe(0)
  expect(
    await pipeline.count('webhooks where account_id = $1 and relay and deleted_at is null', [account.accountId]),
  ).toBe(0)
})

test('hearback says what is wrong: 2 for a command that was not understood, 1 for what the hub refused', async () => {
  expect(await hearback('listen')).toMatchObject({ code: 2, stderr: expect.stringContaining('--to') })
  expect(await hearback('none')).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage') })
  expect(await hearback('resend', 'dlv_none')).toMatchObject({ code: 1, stderr: expect.stringContaining('(404)') })
  expect(await hearback('send', 'package.json')).toMatchObject({ code: 1, stderr: expect.stringContaining('type') })
})

/** The parts of the SDK's own client that are used here; its package is in clients/typescript alone. */
type McpClient = {
  connect(transport: unknown): Promise<void>
  listTools(): Promise<{ tools: { name: string; annotations?: { readOnlyHint?: boolean } }[] }>
  callTool(call: { name: string; arguments: object }): Promise<{ isError?: boolean; content: { text: string }[] }>
  close(): Promise<void>
}

async function openMcp(...flags: string[]) {
  const sdk = path.join(clientFolder, 'node_modules/@modelcontextprotocol/sdk/dist/esm/client')
  const { Client } = await import(path.join(sdk, 'index.js'))
  const { StdioClientTransport } = await import(path.join(sdk, 'stdio.js'))
  const client: McpClient = new Client({ name: 'test', version: '1' })
  await client.connect(
    new StdioClientTransport({ command: bin, args: ['mcp', ...flags], cwd: folder, env: environment }),
  )
  const call = async (name: string, input: object = {}) => {
    const { isError = false, content } = await client.callTool({ name, arguments: input })
    return { isError, text: content[0]?.text ?? '' }
  }
  return { client, call }
}

test('hearback mcp answers why an event fired and what is failing, and changes nothing unless it is allowed', async () => {
  const receiver = await aReceiver(500)
  const webhookId = await makeLocalWebhook(pipeline, account, { url: receiver.url, name: 'Failing', retries: 0 })
  await makeLocalWebhook(pipeline, account, {
    url: receiver.url,
    name: 'Fives',
    condition: { kind: 'service', ratings: [5] },
  })
  fs.writeFileSync(at('event.json'), JSON.stringify(someEvent({ id: 'asked' })))
  await hearback('send', 'event.json')
  await until(() => receiver.requests.length === 1)
  await until(async () => (await pipeline.count(`outcomes where webhook_id = $1`, [webhookId])) === 1)

  const reading = await openMcp()
  const { tools } = await reading.client.listTools()
  expect(tools.map(({ name }) => name)).toEqual(['why', 'failing', 'call', 'count_recoverable'])
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true)
  const why = await reading.call('why', { subject: 'asked' })
  expect(why.text).toContain('"matched"')
  expect(why.text).toContain('service-rating-not-chosen')
  const failing = await reading.call('failing')
  expect(failing.text).toContain('"Failing"')
  expect(failing.text).not.toContain('"Fives"')
  expect(await reading.call('test_fire', { webhook: showId('webhook', webhookId) })).toMatchObject({ isError: true })
  await reading.client.close()
  expect(receiver.requests).toHaveLength(1)

  const changing = await openMcp('--allow-changes')
  expect((await changing.client.listTools()).tools).toHaveLength(7)
  const webhook = showId('webhook', webhookId)
  expect((await changing.call('test_fire', { webhook })).text).toContain('"status": 500')
  const range = {
    webhook,
    since: new Date(Date.now() - 3_600_000).toISOString(),
    until: new Date(Date.now() + 60_000).toISOString(),
  }
  const counted = await changing.call('count_recoverable', range)
  expect(JSON.parse(counted.text).totals).toEqual({ failed: 1, missed: expect.any(Number) })
  expect(await changing.call('recover', { ...range, kinds: ['failed'], expected: 2 })).toMatchObject({ isError: true })
  receiver.respond(200)
  expect((await changing.call('recover', { ...range, kinds: ['failed'], expected: 1 })).isError).toBe(false)
  await until(() => receiver.requests.length === 3)
  const [delivery] = await pipeline.rows<{ id: string }>(
    'select id from deliveries where webhook_id = $1 and test is null',
    [webhookId],
  )
  const again = { delivery: showId('delivery', delivery?.id ?? '') }
  // Once its call is recorded.
  await until(async () => !(await changing.call('send_again', again)).isError)
  await until(() => receiver.requests.length === 4)
  await changing.client.close()
})
