import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { joinLocal } from '@/lib/local-postgres/prepare-local'
import { type DemoAccount, makeDemoAccount } from './demo-account'
import { startDemoReceiver } from './demo-receiver'

export type DemoHub = {
  /** The address of the hub, without a slash at the end. */
  url: string
  account: DemoAccount
  /** Opens the sign-in page with the sample account filled in. */
  signInLink: string
  /** Posts an event as a platform does. Throws when the hub does not accept it. */
  post(event: unknown): Promise<void>
  /** Sends SIGTERM and waits until the hub has ended. */
  stop(): Promise<void>
  /** Resolves with the exit code once the hub has ended. */
  ended: Promise<number>
}

type Wanted = {
  port: number
  dataDir: string
  /** Runs while the hub has no account, if it never had one. */
  beforeSetUp?: () => Promise<void>
}

/**
 * A hub with a PostgreSQL of its own in `dataDir`, a sample account with three webhooks, and a receiver for them on this
 * machine. Resolves once its pages answer. Sets this process's environment to that of the hub; call it once a process.
 */
export async function startDemoHub({ port, dataDir, beforeSetUp }: Wanted): Promise<DemoHub> {
  const url = `http://localhost:${port}`
  Object.assign(process.env, {
    // An empty value counts as unset, and keeps an .env file from naming a database that is not the demo's.
    DATABASE_URL: '',
    HEARBACK_URL: url,
    HEARBACK_DATA_DIR: dataDir,
    HEARBACK_ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
    HEARBACK_ALLOW_HTTP: 'always',
    PORT: String(port),
  })
  const receiver = await startDemoReceiver()
  const hub = spawn(process.execPath, ['--max-semi-space-size=16', 'scripts/start.mjs'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: process.env,
  })
  const ended = once(hub, 'exit').then(([code]) => Number(code ?? 0))
  await Promise.race([
    untilAnswered(`${url}/sign-in`),
    ended.then((code) => Promise.reject(new Error(`the hub ended with ${code} before it was ready`))),
  ])
  await joinLocal(process.env, 'npm run demo')
  await beforeSetUp?.()
  const account = await makeDemoAccount(receiver.url)
  const login = new URLSearchParams({ email: account.email, password: account.password })
  return {
    url,
    account,
    signInLink: `${url}/sign-in#${login}`,
    post: (event) => post(url, account, event),
    async stop() {
      hub.kill('SIGTERM')
      await ended
      receiver.close()
    },
    ended,
  }
}

/** The pages are ready last. */
async function untilAnswered(address: string) {
  while (
    !(await fetch(address).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await sleep(300)
}

async function post(url: string, { apiKey }: DemoAccount, event: unknown) {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
  const answer = await fetch(`${url}/api/v1/events`, { method: 'POST', headers, body: JSON.stringify(event) })
  if (!answer.ok) throw new Error(`The hub answered ${answer.status}: ${await answer.text()}`)
}
