import fs from 'node:fs'
import type { Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import type tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CallFailure } from '@/lib/calls/failure'
import { failureWords, pillWords } from '@/lib/calls/failure-words'
import { authority, expiredCertificate, goodCertificate, wrongNameCertificate } from '../fixtures/network/certificates'
import { selfSigned } from '../fixtures/network/self-signed'
import {
  aReceiver,
  drainSettings,
  makeLocalWebhook,
  makeSender,
  someEvent,
  until,
} from '../fixtures/processes/pipeline'
import { endChildren, startChild } from '../fixtures/processes/pipeline-child'
import { openTestHub } from '../fixtures/processes/test-hub'
import type { Receiver } from '../fixtures/receivers/receiver'
import { failing, neverEnding, succeeding } from '../fixtures/receivers/strange-answers'
import {
  plainAnswer,
  type Strange,
  type StrangeReceiver,
  startStrangeReceiver,
} from '../fixtures/receivers/strange-receiver'

// What receivers can do wrong, through the drain of a running process. Each fault is one failed call with a reason in
// words. It delays neither the next call of the same receiver nor the calls of others.

const pipeline = await openTestHub({ keepWork: true })
let healthy: Receiver
const receivers: StrangeReceiver[] = []

beforeAll(async () => {
  healthy = await aReceiver()
  const trusted = path.join(os.tmpdir(), `hearback-authority-${process.pid}.pem`)
  fs.writeFileSync(trusted, authority)
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: trusted }
  const settings = drainSettings(pipeline.url)
  await startChild({ url: pipeline.url, drain: { settings } }, { execArgv: ['--import', 'tsx'], env })
  fs.rmSync(trusted)
  // Warms up, because a process that has just started is slow.
  const { post, calls } = await beside((await receive(plainAnswer)).origin)
  await post({ withinMs: 10_000 })
  await calls(1)
})
afterAll(async () => {
  await endChildren()
  await Promise.all(receivers.map((receiver) => receiver.close()))
})

type Call = {
  delivery_id: string
  attempt: number
  status: number | null
  failure: CallFailure | null
  detail: string | null
  response_body: string
}

/** Two webhooks of one account, at `url` and at the healthy receiver, and functions that read the results. */
async function beside(url: string, retries = 9) {
  const sender = await makeSender(pipeline)
  const strange = await makeLocalWebhook(pipeline, sender, { url, retries, timeoutSeconds: 1 })
  await makeLocalWebhook(pipeline, sender, { url: `${healthy.url}/${sender.accountId}` })
  const calls = () =>
    pipeline.rows<Call>(
      `select delivery_id, attempt, status, failure, detail, response_body from calls
       where account_id = $1 and webhook_id = $2 order by id`,
      [sender.accountId, strange],
    )
  let posted = 0
  return {
    /** Posts an event, which must arrive at the healthy receiver within 1 s. Returns its time by performance.now(). */
    async post({ withinMs = 1_000 } = {}): Promise<number> {
      const began = performance.now()
      const answer = await pipeline.post(sender.key, someEvent())
      expect(answer.body.events).toMatchObject([{ deliveries: 2 }])
      posted++
      const own = () => healthy.requests.filter(({ url }) => url === `/${sender.accountId}`)
      await until(() => own().length === posted)
      expect((own().at(-1)?.at ?? Infinity) - began).toBeLessThan(withinMs)
      return began
    },
    /** Resolves with the calls so far when there are `n`. */
    async calls(n: number): Promise<Call[]> {
      await until(async () => (await calls()).length >= n)
      return calls()
    },
    /** Its queue rows. */
    queued: () =>
      pipeline.rows<{ attempts: number; in_s: number }>(
        `select attempts, extract(epoch from run_at - hub_now())::float as in_s from queue where webhook_id = $1`,
        [strange],
      ),
  }
}

function expectWords(call: Call) {
  const words = failureWords(call)
  expect(words?.what).toMatch(/^[A-Z].+\.$/)
  expect(words?.cure).toMatch(/^[A-Z].+\.$/)
  expect(pillWords(call)).toMatch(/^(\d{3}|[A-Z][a-zA-Z ]+)/)
  // No error code of a socket is shown, except the one that names the fault of a certificate.
  const told = `${words?.what} ${words?.cure} ${pillWords(call)}`
  if (call.failure !== 'tls') expect(told).not.toMatch(/\b(E[A-Z]{4,}|UND_ERR|HPE_|ERR_)/)
}

/** Expects one failed call, and then that the next event arrives at this receiver and the healthy one within 1 s. */
async function failsOnce({ origin, at }: StrangeReceiver, failure: CallFailure, becomeSane = () => {}) {
  const { post, calls, queued } = await beside(origin)
  await post()
  const [first, ...more] = await calls(1)
  expect(more).toEqual([])
  expect(first).toMatchObject({ attempt: 1, failure })
  expectWords(first as Call)
  expect(await queued()).toMatchObject([{ attempts: 1 }])
  becomeSane()
  const before = at.length
  const began = await post()
  const second = (await calls(2)).find(({ delivery_id }) => delivery_id !== first?.delivery_id)
  expect(second).toMatchObject({ attempt: 1, status: 200, failure: null })
  expect((at[before] ?? Infinity) - began).toBeLessThan(1_000)
}

async function receive(first: Strange, options?: Parameters<typeof startStrangeReceiver>[1]) {
  const receiver = await startStrangeReceiver(first, options)
  receivers.push(receiver)
  return receiver
}

describe('one failed call, and the next event arrives within 1 s:', () => {
  test.each(failing)('%s is "%s"', async (_, failure, first) => {
    await failsOnce(await receive(first), failure)
  })

  test.each(neverEnding)('%s is "timeout"', async (_, first) => {
    await failsOnce(await receive(first), 'timeout')
  })

  test.each<[string, CallFailure, (socket: Socket) => void]>([
    ['an end as soon as it is connected', 'reset', (socket) => void socket.end()],
    ['a reset as soon as it is connected', 'reset', (socket) => void socket.resetAndDestroy()],
    ['a greeting before the request', 'not-http', (socket) => void socket.write('220 mail.example.net ESMTP\r\n')],
  ])('%s is "%s"', async (_, failure, greet) => {
    let sane = false
    const receiver = await receive(plainAnswer, { onConnection: (socket) => sane || greet(socket) })
    await failsOnce(receiver, failure, () => {
      sane = true
    })
  })

  test('a port where nothing listens is "refused"', async () => {
    const receiver = await receive(plainAnswer)
    receiver.server.close()
    await failsOnce(receiver, 'refused', () => receiver.server.listen(receiver.port, '127.0.0.1'))
  })

  test.each([
    ['that is over', expiredCertificate, 'CERT_HAS_EXPIRED', /has expired/],
    ['for another name', wrongNameCertificate, 'ERR_TLS_CERT_ALTNAME_INVALID', /for another name/],
    ['that nobody signed', selfSigned, 'DEPTH_ZERO_SELF_SIGNED_CERT', /not signed by an authority/],
  ])('a certificate %s is "tls"', async (_, certificate, detail, words) => {
    const receiver = await receive(plainAnswer, { certificate })
    await failsOnce(receiver, 'tls', () => (receiver.server as tls.Server).setSecureContext(goodCertificate))
    const call = { status: null, failure: 'tls', detail } as const
    expect(failureWords(call)?.what).toMatch(words)
    expect(await pipeline.count(`calls where detail = $1`, [detail])).toBe(1)
  })

  test('https to a port that speaks plain http is "tls"', async () => {
    const receiver = await receive(plainAnswer, { onConnection: (socket) => socket.end('HTTP/1.1 400 Bad\r\n\r\n') })
    const { post, calls } = await beside(receiver.origin.replace('http', 'https'), 0)
    await post()
    expect(await calls(1)).toMatchObject([{ status: null, failure: 'tls' }])
  })
})

describe('one successful call that only looks strange:', () => {
  test.each(succeeding)('%s', async (_, first, body) => {
    const receiver = await receive(first)
    const { post, calls, queued } = await beside(receiver.origin)
    await post()
    const [call, ...more] = await calls(1)
    expect(more).toEqual([])
    expect(call).toMatchObject({ attempt: 1, failure: null })
    expect(call?.response_body).toMatch(typeof body === 'string' ? new RegExp(`^${body}$`) : body)
    expect(await queued()).toEqual([])
    await receiver.answered
    await post()
    expect((await calls(2))[1]).toMatchObject({ status: 200, failure: null, response_body: 'fine' })
  })
})

test('each failed call is repeated after about 5 s, and delivered', async () => {
  await expect.poll(() => pipeline.count('queue'), { timeout: 15_000 }).toBe(0)
})
