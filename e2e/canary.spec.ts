import { createHmac, randomBytes } from 'node:crypto'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { openDatabase, openPool } from '@/lib/db/client'
import { actionDoors, addressWith, type DoorIds, pageDoors, routeDoors } from './fixtures/browser/doors'
import { expect, test } from './fixtures/browser/test'
import { secretsIn, secretsInDatabase, secretsInFiles } from './fixtures/faults/canaries'
import { withDatabase } from './fixtures/postgres/database'
import { startHub } from './fixtures/processes/hub'
import { startMailServer } from './fixtures/receivers/mail-server'
import { startReceiver } from './fixtures/receivers/receiver'

// Marked secrets through the whole hub: they are planted, then every page, route and action is driven, well, wrongly and while
// the database is away. They are found nowhere but at the receiver, in mail, and where an answer hands them out on purpose.

const planted = (word: string) => `canary-${word}-${randomBytes(9).toString('hex')}`

/** Actions that answer with a secret: a person asked for it. */
const handsOut = new Set([
  'settings/api/actions.ts makeKey',
  'settings/api/actions.ts rotateKey',
  'settings/calls/[id]/actions.ts revealHeaders',
  'settings/webhooks/actions.ts revealKey',
  'settings/webhooks/form-actions.ts revealSecret',
  'settings/webhooks/[id]/actions.ts revealSecretOf',
])
const endsSession = /actions\.ts (signOut|signOutEverywhere|leave|switchTo)$/

test('a planted secret is nowhere but in ciphertext, at the receiver and where it is handed out', async () => {
  const startedAt = Date.now()
  const mail = await startMailServer()
  const receiver = await startReceiver({
    // A receiver that repeats all it was sent, and fails.
    respond: ({ rawHeaders, body }) => ({
      status: 500,
      headers: { 'x-echo': rawHeaders.join(' ') },
      body: `${rawHeaders.join('\n')}\n${body}`,
    }),
  })
  const hub = await startHub({
    environment: { SMTP_URL: mail.url, MAIL_FROM: 'hub@quay.example', LOG_LEVEL: 'trace', HEARBACK_WORKERS: '2' },
  })
  const pool = openPool(hub.databaseUrl, { max: 2 })
  const db = openDatabase(pool)
  const admin = new pg.Client({ connectionString: withDatabase(hub.databaseUrl, 'postgres') })
  await admin.connect()
  const secrets: Record<string, string> = {
    'set-up code': new URL(hub.setupLink).searchParams.get('code') ?? '',
    'pre-shared key': planted('psk'),
    'signing secret': planted('signing'),
    'Basic password': planted('basic'),
    'own header': planted('own'),
    'custom header': planted('custom'),
    password: planted('password'),
  }
  /** Everything that was answered, by what was asked. */
  const shown: string[] = []
  const look = (asked: string, text: string) => {
    for (const name of secretsIn(text, secrets)) shown.push(`${asked}: ${name}`)
  }
  const doors = new Map(actionDoors().map((door) => [`${door.file} ${door.name}`, door]))
  let cookie = ''
  let ids: DoorIds = { webhook: '', source: '', call: '', event: '', feedback: '' }
  const act = async (key: string, given: unknown[]) => {
    const door = doors.get(key)
    if (!door) throw new Error(`there is no action ${key}`)
    const answer = await fetch(hub.url + addressWith(door.page, ids), {
      method: 'POST',
      body: JSON.stringify(given),
      headers: { cookie, origin: hub.url, 'next-action': door.id, 'content-type': 'text/plain;charset=UTF-8' },
    })
    const text = await answer.text()
    look(`${key}, its headers`, [...answer.headers].join('\n'))
    if (!handsOut.has(key)) look(key, text)
    return {
      text,
      cookies: answer.headers
        .getSetCookie()
        .map((line) => line.split(';')[0])
        .join('; '),
    }
  }
  const email = 'owner@quay.example'
  const signIn = async () => {
    cookie = (await act('(auth)/sign-in/actions.ts signIn', [{ email, password: secrets.password }])).cookies
  }

  // --- plant --------------------------------------------------------------------------------------------------------
  const newAccount = { name: 'Quay Ltd', identifier: 'quay', email, password: secrets.password }
  await act('(auth)/setup/actions.ts setUp', [secrets['set-up code'], newAccount])
  await signIn()
  await act('settings/webhooks/actions.ts saveKey', [{ key: secrets['pre-shared key'] }])
  const made = await act('settings/api/actions.ts makeKey', [
    { name: 'Canary', scopes: ['ingest', 'read'], ends: 'never' },
  ])
  const apiKey = /hbk_[0-9a-z]{8}_[\w-]{43}/.exec(made.text)?.[0] ?? ''
  secrets['API key'] = apiKey.slice(-43)
  const form = {
    url: receiver.url,
    format: 'rateup',
    encoding: 'json',
    events: ['feedback.created'],
    condition: { kind: 'any' },
    sources: { kind: 'all' },
    retries: 0,
    timeoutSeconds: 5,
    secret: secrets['signing secret'],
    headers: [{ name: 'x-canary', value: secrets['custom header'], kept: false }],
  }
  const forms = [
    { ...form, name: 'Key', authentication: 'account-key' },
    { ...form, name: 'Basic', authentication: 'basic', basicUser: 'shop', basicPassword: secrets['Basic password'] },
    { ...form, name: 'Own', authentication: 'own-header', ownHeader: `Token ${secrets['own header']}` },
  ]
  const answers = [{ type: 'Rating', title: 'Please rate us?', response: 3 }]
  for (const each of forms) {
    expect((await act('settings/webhooks/form-actions.ts register', [null, each])).text).toContain('"ok":true')
    await act('settings/webhooks/form-actions.ts testFireForm', [
      null,
      each,
      { type: 'feedback.created', feedback: { id: 'x', answers } },
    ])
  }
  await act('settings/members/actions.ts inviteMember', [{ email: 'jan@quay.example', role: 'viewer' }])
  await act('(auth)/forgotten/actions.ts askForLink', [{ email }])
  await expect.poll(() => mail.mails.length).toBe(2)
  const linked = (word: string) =>
    new RegExp(`/${word}#([\\w-]+)`).exec(mail.mails.map(({ text }) => text).join('\n'))?.[1] ?? ''
  secrets.invitation = linked('invitation')
  secrets['reset link'] = linked('reset')
  expect(Object.entries(secrets).filter(([, secret]) => secret.length < 20)).toEqual([])
  const ingest = (key: string) =>
    fetch(`${hub.url}/api/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'feedback.created', feedback: { id: 'fb-1', answers } }),
    }).then(async (answer) => look('ingest', await answer.text()))
  await ingest(apiKey)
  await expect.poll(async () => (await db.execute(sql`select from calls where not test`)).rowCount).toBe(3)

  // The receiver got them all.
  const sent = receiver.requests.map(({ rawHeaders }) => rawHeaders.join('\n')).join('\n')
  expect(secretsIn(sent, secrets).sort()).toEqual(['Basic password', 'custom header', 'own header', 'pre-shared key'])
  const [called] = receiver.requests
  const signature = createHmac('sha256', secrets['signing secret'] ?? '')
    .update(called?.body ?? '')
    .digest('base64')
  expect(called?.headers['x-rateup-signature']).toBe(signature)

  // --- every page, route and action ---------------------------------------------------------------------------------
  const idOf = async (table: string) =>
    (await db.execute<{ id: string }>(sql`select id from ${sql.identifier(table)} order by id desc limit 1`)).rows[0]
      ?.id ?? ''
  ids = {
    webhook: await idOf('webhooks'),
    source: await idOf('sources'),
    call: await idOf('calls'),
    event: await idOf('events'),
    feedback: await idOf('feedback'),
  }
  /** `rsc`: also what the browser part of Next asks for. The HTML has the same payload. */
  const everywhere = async (when: string, { rsc = false } = {}) => {
    const addresses = [...pageDoors, ...routeDoors].map((door) => addressWith(door, ids))
    for (const address of [...addresses, `/setup?code=wrong`])
      for (const headers of [{ cookie }, ...(rsc ? [{ cookie, rsc: '1' }] : [])] as Record<string, string>[]) {
        const answer = await fetch(hub.url + address, { headers, redirect: 'manual' })
        look(`${when}: ${address}`, await answer.text())
      }
  }
  /** Sends every action the secrets where it wants something else, and to those that take them a form that they refuse. */
  const everyAction = async () => {
    const all = { ...secrets, name: '', email: 'nobody' }
    const bad = { ...forms[1], ...secrets, name: '', url: 'ftp://shop.example/', headers: form.headers }
    const keys = [...doors.keys()].filter((key) => !endsSession.test(key))
    for (const key of keys) await act(key, [all, all, all, all])
    await act('settings/webhooks/form-actions.ts register', [null, bad])
    await act('settings/webhooks/form-actions.ts update', [ids.webhook, { mark: '', words: '' }, 1, bad])
    await act('settings/webhooks/form-actions.ts testFireForm', [ids.webhook, bad, {}])
    await act('settings/webhooks/actions.ts saveKey', [{ key: `${secrets['pre-shared key']}é` }])
    await act('settings/webhooks/[id]/actions.ts rotate', [
      ids.webhook,
      { entered: true, secret: secrets['signing secret'], overlapHours: 999 },
    ])
    await act('(auth)/reset/actions.ts setNewPassword', [secrets['reset link'], { password: 'short' }])
    await act('(auth)/invitation/actions.ts readInvitation', [secrets.invitation])
    await act('(auth)/setup/actions.ts setUp', [secrets['set-up code'], newAccount])
    await act('(auth)/sign-in/actions.ts signIn', [{ email: 'nobody@quay.example', password: secrets.password }])
  }
  await everywhere('signed in', { rsc: true })
  await everyAction()
  await ingest(`${apiKey}x`)
  await fetch(`${hub.url}/api/v1/reviews/all?merchant_identifier=quay&key=${secrets['API key']}`)

  // --- the database away --------------------------------------------------------------------------------------------
  const name = new URL(hub.databaseUrl).pathname.slice(1)
  const cut = () => admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
  await admin.query(`alter database ${name} allow_connections false`)
  await cut()
  await everywhere('database away')
  await everyAction()
  await ingest(apiKey)
  await admin.query(`alter database ${name} allow_connections true`)
  await expect.poll(async () => (await fetch(`${hub.url}/settings/profile`, { headers: { cookie } })).status).toBe(200)

  // --- look ---------------------------------------------------------------------------------------------------------
  cookie = ''
  await everywhere('signed out')
  expect(shown).toEqual([])
  expect(await secretsInDatabase(pool, secrets)).toEqual([])
  await Promise.all([pool.end(), admin.end()])
  await hub.stop()
  const logged = hub.output().replaceAll(hub.setupLink, '')
  expect(logged).toContain('"level"')
  expect(secretsIn(logged, secrets)).toEqual([])
  expect(secretsInFiles(path.resolve('.next'), startedAt, secrets)).toEqual([])
  await Promise.all([receiver.close(), mail.close()])
})
