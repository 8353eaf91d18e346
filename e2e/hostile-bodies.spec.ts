import { setTimeout as sleep } from 'node:timers/promises'
import { makeAuth } from '@/lib/accounts/auth'
import { createAccount } from '@/lib/accounts/create-account'
import { openDatabase, openPool } from '@/lib/db/client'
import { expect, test } from './fixtures/browser/test'
import { type HostileBody, hostileBodies } from './fixtures/data/hostile-bodies'
import { sendHostile } from './fixtures/network/send-hostile'
import { builtAction } from './fixtures/processes/built-actions'
import { type Hub, startHub } from './fixtures/processes/hub'
import { byDelivery, makeLocalWebhook, makeSender, poster, someEvent, until } from './fixtures/processes/pipeline'

// Hostile and slow bodies at every route of a whole hub, as `npm start` runs it, while another account posts events and is
// called. Times are printed, not asserted: they include the pauses of this process, which sends the bodies.
// e2e/pipeline/hostile-bodies.test.ts asserts the pauses of the event loop.

/** `mayFail`: Next answers 500 to an action whose body it cannot decode. */
type Route = { name: string; path: string; headers?: Record<string, string>; atMost?: number; mayFail?: boolean }

/** The server action that saves a new WebHook: of all that need a session, it may have the longest body. */
const registerAction = () => builtAction('app/settings/webhooks/form-actions.ts', 'register')

async function sessionCookie({ url, sessionSecret }: Hub, db: ReturnType<typeof openDatabase>): Promise<string> {
  const person = { email: 'hostile@example.net', password: 'a long enough password' }
  await createAccount(db, { name: 'Hostile', identifier: 'hostile', ...person })
  const { api } = makeAuth(db, { url, secret: sessionSecret })
  const { headers } = await api.signInEmail({ body: person, returnHeaders: true })
  return headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
}

/** Asks for /api/health again and again. `slowest` is the longest time an answer took since its last call, in milliseconds. */
function askHealth(url: string) {
  let longest = 0
  let stopped = false
  const ask = async () => {
    for (; !stopped; await sleep(10)) {
      const start = performance.now()
      const { status } = await fetch(`${url}/api/health`)
      longest = Math.max(longest, performance.now() - start)
      if (status !== 200) throw new Error(`health was answered ${status}`)
    }
  }
  return {
    running: ask(),
    slowest() {
      const ms = longest
      longest = 0
      return ms
    },
    stop() {
      stopped = true
    },
  }
}

let hub: Hub | undefined
test.afterAll(() => hub?.stop())

test('hostile bodies at every route of a whole hub: every event and call of another account succeeds once', async ({
  receiver,
}) => {
  test.setTimeout(300_000)
  // The webhook is registered by this process, which seals its secret.
  const { HEARBACK_SECRET_KEYS = '' } = process.env
  const own = await startHub({ environment: { CRON_SECRET: 'the secret of cron', HEARBACK_SECRET_KEYS } })
  hub = own
  const pool = openPool(own.databaseUrl, { max: 2 })
  const db = openDatabase(pool)
  const port = Number(new URL(own.url).port)
  const attacker = await makeSender({ db })
  const bystander = await makeSender({ db })
  await makeLocalWebhook({ db }, bystander, { url: receiver.url, timeoutSeconds: 5 })

  const cookie = await sessionCookie(own, db)
  const action = { 'next-action': registerAction(), origin: own.url, 'sec-fetch-site': 'same-origin' }
  const page = '/settings/webhooks/new'
  const routes: Route[] = [
    { name: 'ingest', path: '/api/v1/events', headers: { authorization: `Bearer ${attacker.key}` } },
    { name: 'ingest without a key', path: '/api/v1/events' },
    { name: 'the Reviews API', path: '/api/v1/reviews/all?id=x' },
    { name: 'an action without a session', path: page, headers: action },
    { name: 'an action with a session', path: page, headers: { ...action, cookie }, mayFail: true },
    {
      name: 'an action as long as allowed',
      path: page,
      headers: { ...action, cookie },
      atMost: 512 * 1024,
      mayFail: true,
    },
    { name: 'a page', path: page, headers: { cookie } },
    { name: 'cron with a wrong secret', path: '/api/cron/drain', headers: { authorization: 'Bearer wrong' } },
    { name: 'health', path: '/api/health' },
  ]
  const sendToAll = (hostile: HostileBody, bytes: Buffer) =>
    Promise.all(
      routes.map(({ path, headers, atMost = bytes.length }) =>
        sendHostile(port, path, hostile, bytes.subarray(0, atMost), headers),
      ),
    )

  const post = poster((request) => fetch(request), own.url)
  for (let i = 0; i < 50; i++) await post(bystander.key, someEvent())
  let posted = 50
  let over = false
  const traffic = (async () => {
    for (; !over; posted++) {
      const { status } = await post(bystander.key, someEvent())
      if (status !== 202) throw new Error(`an event of the bystander was answered ${status}`)
      await sleep(20)
    }
  })()
  const health = askHealth(own.url)
  // What they throw is thrown where they are awaited.
  traffic.catch(() => {})
  health.running.catch(() => {})

  const unexpected: string[] = []
  for (const hostile of hostileBodies) {
    const bytes = hostile.body()
    health.slowest()
    const statuses = await sendToAll(hostile, bytes)
    console.log(`${hostile.name}: health took at most ${health.slowest().toFixed()} ms; ${statuses.join(' ')}`)
    for (const [i, status] of statuses.entries()) {
      const { name, mayFail } = routes[i] as Route
      if (status !== undefined && status >= 500 && !mayFail) unexpected.push(`${hostile.name} at ${name}: ${status}`)
    }
  }
  over = true
  health.stop()
  await Promise.all([traffic, health.running])
  expect(unexpected).toEqual([])
  await until(() => byDelivery(receiver.requests).size >= posted, 60_000)
  const recorded = async () => {
    const text = 'select failure, attempt, count(*)::int as n from calls where account_id = $1 group by 1, 2'
    return (await pool.query(text, [bystander.accountId])).rows
  }
  // A call is recorded some milliseconds after it was answered.
  await expect.poll(recorded).toEqual([{ failure: null, attempt: 1, n: posted }])
  expect(receiver.requests).toHaveLength(posted)
  expect(own.output()).not.toMatch(/The process of the pages ended|an uncaught error|a request failed/)
  await pool.end()
})
