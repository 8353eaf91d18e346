import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startReceiverProgram } from '@/e2e/fixtures/receivers/receiver-program'
import type { Encoding, FormatKey } from '../formats/format'
import { formats } from '../formats/formats'
import { callHeaders } from '../pipeline/deliver/request'
import { Secret } from '../secrets/secret'
import { codeFiles, readCode } from '../verify/receiver-code'
import { proofsOf } from '../verify/verification'
import type { Authentication } from '../webhooks/webhook-schema'
import { curlCommand } from './curl'
import { replayScript } from './replay-script'
import { mask, type ShownHeader } from './shown-request'

// Each script runs against the receiver of the Verify page. The call that it comes from is of 2025: its own signature is too
// old for a receiver that looks at the time.

const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
const otherSecret = `whsec_${Buffer.alloc(32, 6).toString('base64')}`
const authorization = 'hmac the key of this account'
const body = `{"comment":"It’s \\"Zürich\\" \\u2028 \`\${x}\` \\\\n","n":1.0}`

type Kind = { format: FormatKey; encoding?: Encoding; authentication?: Authentication; body?: string }
const kinds: Record<string, Kind> = {
  feefo: { format: 'feefo' },
  'customer-thermometer': { format: 'customer-thermometer' },
  'customer-thermometer with Basic': { format: 'customer-thermometer', authentication: 'basic' },
  'wootric as JSON': { format: 'wootric' },
  'wootric as form fields': {
    format: 'wootric',
    encoding: 'form',
    body: 'response%5Btext%5D=a+b%26c&event_name=created',
  },
  reviews: { format: 'reviews' },
  rateup: { format: 'rateup' },
  standard: { format: 'standard' },
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'hearback-replay-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What the page of an old call has of its request. */
function shownHeaders({
  format: key,
  encoding = 'json',
  authentication = 'account-key',
  ...kind
}: Kind): ShownHeader[] {
  const format = formats[key]
  const [deliveryId, timestamp] = ['dlv_01kb0000000000000000000000', 1_750_000_000]
  const signature = format.sign({ deliveryId, timestamp, body: kind.body ?? body, secrets: [new Secret(secret)] })
  const scheme = authentication === 'basic' ? 'Basic' : 'hmac'
  const lines = callHeaders({
    format,
    encoding,
    deliveryId,
    attempt: 2,
    feedbackVersion: 1,
    timestamp,
    triggeredAtMs: timestamp * 1000,
    signature,
    authorization: `${scheme} ${mask}`,
    custom: ['X-Api-Key', mask],
  })
  const all = ['host', 'shop.example', 'connection', 'keep-alive', ...lines, 'content-length', '99']
  return all.flatMap((name, i) =>
    i % 2 === 0 ? [{ name, value: all[i + 1] as string, masked: all[i + 1]?.endsWith(mask) === true }] : [],
  )
}

async function run(script: string, address: string, environment: Record<string, string>) {
  const file = path.join(folder, `${Math.random().toString(36).slice(2)}.mjs`)
  writeFileSync(file, script)
  const env = { PATH: process.env.PATH, ...environment } as unknown as NodeJS.ProcessEnv
  const child = spawn(process.execPath, [file, address], { env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  await once(child, 'close')
  return output
}

test.concurrent.each(Object.entries(kinds))(
  'the replay script of a %s call is accepted with its secret and refused with another one',
  async (_, kind) => {
    const { format, authentication = 'account-key' } = kind
    const proofs = proofsOf(format, authentication)
    const files = await Promise.all(
      codeFiles('node', format, proofs).map(async (file) => [file.name, await readCode(file, proofs)] as const),
    )
    const held = { HEARBACK_AUTHORIZATION: authorization, HEARBACK_SECRET: secret }
    const receiver = await startReceiverProgram({
      files: Object.fromEntries(files),
      command: ['node', 'receiver.mjs'],
      environment: held,
    })
    try {
      const headers = shownHeaders(kind)
      const script = replayScript({ format, callId: 'cal_1', path: '/hooks?a=1', headers, body: kind.body ?? body })
      expect(script).not.toContain(mask)
      expect(await run(script, receiver.url, held)).toBe('204 No Content\n')
      const wrong = { HEARBACK_AUTHORIZATION: 'hmac another key', HEARBACK_SECRET: otherSecret }
      expect(await run(script, receiver.url, wrong)).toBe('401 Unauthorized\n')
      expect(await run(script, receiver.url, {})).toMatch(/HEARBACK_(SECRET|AUTHORIZATION) is not set/)
    } finally {
      await receiver.stop()
    }
  },
)

test('the curl command has the exact body and every header, and no secret', () => {
  const headers = shownHeaders({ format: 'standard' })
  const text = curlCommand("https://shop.example/a'b?x=1", { line: '', headers }, "it's")
  expect(text).not.toContain(mask)
  expect(text.split(' \\\n  ')).toEqual([
    "# Left out, because only the WebHook has the value: X-Api-Key\ncurl -X POST 'https://shop.example/a'\\''b?x=1'",
    "-H 'content-type: application/json'",
    expect.stringMatching(/^-H 'user-agent: Hearback/),
    "-H 'webhook-id: dlv_01kb0000000000000000000000'",
    "-H 'hearback-attempt: 2'",
    "-H 'hearback-feedback-version: 1'",
    "-H 'webhook-timestamp: 1750000000'",
    expect.stringMatching(/^-H 'webhook-signature: v1,/),
    '-H "authorization: $HEARBACK_AUTHORIZATION"',
    "--data-raw 'it'\\''s'",
  ])
})
