import { randomUUID } from 'node:crypto'
import { sendAgain } from '../cli/resend-command.ts'
import { ask, readJson } from '../hub.ts'
import { countRecoverable } from './read-tools.ts'
import { rangeInput, type Tool, webhookInput, webhookPath } from './tool.ts'

// What the MCP server does only when it was allowed to change things.

const testFire: Tool = {
  name: 'test_fire',
  title: 'Test-fire a webhook',
  description: 'One call with a sample event, and what the receiver answered. At most ten a minute.',
  changes: true,
  input: { properties: { webhook: webhookInput }, required: ['webhook'] },
  run: async (hub, input) =>
    readJson(await ask(hub, `${webhookPath(input)}/test-fire`, { method: 'POST', body: '{}' })),
}

const again: Tool = {
  name: 'send_again',
  title: 'Send a delivery again',
  description: 'An ended delivery: the same id and body, a fresh round of retries.',
  changes: true,
  input: { properties: { delivery: { type: 'string', description: 'dlv_…' } }, required: ['delivery'] },
  run: (hub, { delivery }) => sendAgain(hub, String(delivery)),
}

const recover: Tool = {
  name: 'recover',
  title: 'Recover what a webhook did not get',
  description:
    'Starts a job that sends what failed or was missed in a time range. Count first: `expected` is the total that ' +
    'count_recoverable gives for these kinds, and nothing is started if it is another now.',
  changes: true,
  input: {
    properties: {
      ...rangeInput,
      kinds: { type: 'array', items: { enum: ['failed', 'missed'] }, minItems: 1 },
      expected: { type: 'integer', minimum: 1 },
    },
    required: ['webhook', 'since', 'until', 'kinds', 'expected'],
  },
  async run(hub, input) {
    const { since, until, expected } = input
    const kinds = [input.kinds].flat().filter((kind) => kind === 'failed' || kind === 'missed')
    const { totals } = await countRecoverable(hub, input)
    const total = kinds.reduce((sum, kind) => sum + totals[kind], 0)
    if (total !== expected) throw new Error(`Nothing was started: there are ${total}, not ${expected}. Count again.`)
    const headers = { 'idempotency-key': randomUUID() }
    const body = JSON.stringify({ since, until, kinds })
    return readJson(await ask(hub, `${webhookPath(input)}/recoveries`, { method: 'POST', headers, body }))
  },
}

export const changeTools: Tool[] = [testFire, again, recover]
