import { execFile, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventSchema } from '@/lib/events/event-schema'
import { curlExample, nodeExample, pythonExample, quickStartEvent } from './ingest-example'

// Each example runs as it is shown, against a server that keeps what it gets.

const seen: { key: string | undefined; event: unknown }[] = []
const server = http.createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += chunk
  seen.push({ key: request.headers.authorization, event: JSON.parse(body) })
  response.writeHead(202).end('{}')
})
beforeAll(async () => void (await once(server.listen(0, '127.0.0.1'), 'listening')))
afterAll(() => void server.close())

const event = JSON.stringify({ ...JSON.parse(quickStartEvent), id: 'it’s \\ "one"' }, null, 2)
const runs = (program: string) => spawnSync(program, ['--version']).status === 0

const programs = [
  { name: 'curl', make: curlExample, run: (code: string) => ['sh', '-c', code] },
  { name: 'node', make: nodeExample, run: (code: string) => ['node', '--input-type=module', '-e', code] },
  { name: 'python3', make: pythonExample, run: (code: string) => ['python3', '-c', code] },
]

test('the event is one that the hub takes', () => {
  expect(eventSchema.parse(JSON.parse(quickStartEvent))).toMatchObject({ type: 'feedback.created' })
})

test.each(programs.filter(({ name }) => runs(name)))(
  'the example for $name posts the event, with the key that is filled in or the one of the environment',
  async ({ make, run }) => {
    const hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    for (const apiKey of ['hbk_filled', undefined]) {
      const [program = '', ...given] = run(make({ hubUrl, event, apiKey }))
      const env = { ...process.env, HEARBACK_API_KEY: 'hbk_kept' }
      await promisify(execFile)(program, given, { env })
    }
    expect(seen.splice(0)).toEqual([
      { key: 'Bearer hbk_filled', event: JSON.parse(event) },
      { key: 'Bearer hbk_kept', event: JSON.parse(event) },
    ])
  },
)
