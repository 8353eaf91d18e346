import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeDemoAccount } from './demo-account'
import { demoFeedback } from './demo-feedback'
import { startDemoReceiver } from './demo-receiver'

// npm run demo: a hub of its own in .hearback/demo, a sample account with three webhooks, a small receiver on this
// machine, and feedback that arrives every few seconds. Ends with Ctrl-C; starts where it stopped.

const port = process.env.PORT || '3000'
const hubUrl = `http://localhost:${port}`
Object.assign(process.env, {
  // Empty counts as unset and keeps an .env file from naming a database that is not the demo's.
  DATABASE_URL: '',
  HEARBACK_URL: hubUrl,
  HEARBACK_DATA_DIR: '.hearback/demo',
  HEARBACK_ALLOW_PRIVATE_TARGETS: '127.0.0.0/8',
  HEARBACK_ALLOW_HTTP: 'always',
})

const receiver = await startDemoReceiver()
const hub = spawn(process.execPath, ['--max-semi-space-size=32', 'scripts/start.mjs'], {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: process.env,
})
hub.once('exit', (code) => process.exit(code ?? 0))
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => hub.kill('SIGTERM'))

console.log('Starting the demo. The first start builds the hub, which takes a minute.')
await untilReady()
const account = await makeDemoAccount(receiver.url)
const login = new URLSearchParams({ email: account.email, password: account.password })
console.log(`\nThe demo is ready. Open this and choose Sign in:\n\n  ${hubUrl}/sign-in#${login}\n`)

for (let n = 0; ; n++) {
  await post(demoFeedback(n))
  await sleep(2000 + Math.random() * 2000)
}

async function untilReady() {
  while (
    !(await fetch(`${hubUrl}/api/health`).then(
      (answer) => answer.ok,
      () => false,
    ))
  )
    await sleep(300)
}

async function post(event: unknown) {
  const headers = { authorization: `Bearer ${account.apiKey}`, 'content-type': 'application/json' }
  const answer = await fetch(`${hubUrl}/api/v1/events`, { method: 'POST', headers, body: JSON.stringify(event) })
  if (!answer.ok) console.error(`The hub answered ${answer.status}: ${await answer.text()}`)
}
