import { eq, sql } from 'drizzle-orm'
import { createApiKey } from '@/lib/accounts/api-keys'
import { makeAuth } from '@/lib/accounts/auth'
import { createAccount } from '@/lib/accounts/create-account'
import type { Role } from '@/lib/accounts/roles'
import { listCallLinks, makeCallLink } from '@/lib/calls/call-links'
import type { Database } from '@/lib/db/client'
import { erasures } from '@/lib/db/erasure-schema'
import { newId } from '@/lib/db/ids'
import { members, sessions, users } from '@/lib/db/people-schema'
import { feedback, recoveryJobs, webhookSecrets, webhooks, webhookVersions } from '@/lib/db/schema'
import { erasureValuePlace } from '@/lib/erasure/erasure-value'
import { invite } from '@/lib/people/invitations'
import { readKeyRing, seal } from '@/lib/secrets/seal'
import { createSource } from '@/lib/sources/change-source'
import { showId } from '@/lib/type-id'
import { signingSecretPlace } from '@/lib/webhooks/seal-places'
import { actionDoors, addressWith, exportedActions, pageDoors, pageIds, routeDoors } from './fixtures/browser/doors'
import { expect, test } from './fixtures/browser/test'
import { makeCall, makeEvent } from './fixtures/data/calls'
import { makeNotice } from './fixtures/data/notices'
import type { Hub } from './fixtures/processes/hub'

// The matrix: every page, route and action, with every id of another account, in every role and without a session. It lists
// the doors from the file tree, so a new one fails until it is covered here. Plain HTTP; no browser takes part.

type Ids = Record<
  | 'webhook'
  | 'source'
  | 'call'
  | 'delivery'
  | 'event'
  | 'feedback'
  | 'key'
  | 'member'
  | 'session'
  | 'invitation'
  | 'notice'
  | 'account'
  | 'erasure'
  | 'job'
  | 'callLink',
  string
>
type World = {
  ids: Ids
  cookies: Record<Role, string>
  userId: string
  /** The path of a link to the call. */
  shared: string
  signIn(): Promise<string>
}

const roles: Role[] = ['viewer', 'admin', 'owner']
const anyRule = { events: ['feedback.created'], condition: { kind: 'any' } } as never

type OwnHub = Pick<Hub, 'url' | 'sessionSecret' | 'secretKeys'>

let made = 0
async function makeWorld(db: Database, hub: OwnHub): Promise<World> {
  const identifier = `matrix-${++made}-${Date.now()}`
  const password = 'a long enough password'
  const owner = { name: identifier, identifier, email: `${identifier}@example.net`, password }
  const created = await createAccount(db, owner)
  if (!created.ok) throw new Error('refused')
  const { accountId, userId } = created.value
  const auth = makeAuth(db, { url: hub.url, secret: hub.sessionSecret })
  const signIn = async (email: string) => {
    const { headers } = await auth.api.signInEmail({ body: { email, password }, returnHeaders: true })
    return headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
  }
  const cookies = { owner: await signIn(owner.email) } as Record<Role, string>
  for (const role of ['viewer', 'admin'] as const) {
    const other = { ...owner, identifier: `${identifier}-${role}`, email: `${role}-${owner.email}` }
    const home = await createAccount(db, other)
    if (!home.ok) throw new Error('refused')
    // Of this account alone, so that a request can't be answered for another one.
    await db.delete(members).where(eq(members.userId, home.value.userId))
    await db.insert(members).values({ accountId, userId: home.value.userId, role })
    cookies[role] = await signIn(other.email)
  }
  const ids = await makeThings(db, hub, { accountId, userId })
  const linked = await makeCallLink(db, { accountId, userId }, { callId: ids.call, personal: false })
  if (!linked.ok) throw new Error('refused')
  return { ids, cookies, userId, shared: linked.value.path, signIn: () => signIn(owner.email) }
}

/** One of each thing that an id can name, new ones at each call. */
async function makeThings(
  db: Database,
  hub: OwnHub,
  { accountId, userId }: { accountId: string; userId: string },
): Promise<Ids> {
  const n = ++made
  const webhook = newId()
  await db
    .insert(webhooks)
    .values({ accountId, id: webhook, number: n, nameKey: `matrix ${n}`, format: 'rateup', version: 1 })
  await db.insert(webhookVersions).values({
    accountId,
    webhookId: webhook,
    version: 1,
    name: `Matrix ${n}`,
    // A port that nothing listens on.
    url: 'http://127.0.0.1:9/',
    rule: anyRule,
    authentication: 'account-key',
    retries: 9,
    timeoutSeconds: 5,
  })
  const source = await createSource(db, { accountId, userId, source: { key: `k${n}`, name: 'n', kind: 'email' } })
  const invited = await invite(db, { accountId, by: userId }, { email: `i-${n}@example.net`, role: 'viewer' })
  if (!source.ok || !invited.ok) throw new Error('refused')
  const [invitation] = (
    await db.execute<{ id: string }>(
      sql`select id from invitations where account_id = ${accountId} order by created_at desc limit 1`,
    )
  ).rows
  const session = newId()
  const expiresAt = new Date(Date.now() + 3_600_000)
  await db.insert(sessions).values({ id: session, userId, token: newId(), expiresAt })
  const member = newId()
  await db.insert(users).values({ id: member, name: 'Member', email: `m-${member}@example.net` })
  await db.insert(members).values({ accountId, userId: member, role: 'viewer' })
  const { callId, deliveryId } = await makeCall(db, accountId, { webhookId: webhook })
  const feedbackId = newId()
  const at = new Date()
  await db
    .insert(feedback)
    .values({ accountId, id: feedbackId, externalId: `fb-${n}`, createdAt: at, updatedAt: at, deletedAt: at })
  const erasure = newId()
  const sealedValue = seal('x@example.net', erasureValuePlace(accountId, erasure), readKeyRing([hub.secretKeys]))
  const nextAt = new Date(Date.now() + 86_400_000)
  // Counted already, so that no drainer works on it.
  await db.insert(erasures).values({ accountId, id: erasure, by: 'email', state: 'counted', sealedValue, nextAt })
  const sealed = seal('a signing secret', signingSecretPlace(accountId, webhook, 1), readKeyRing([hub.secretKeys]))
  await db.insert(webhookSecrets).values({ accountId, webhookId: webhook, version: 1, sealed })
  const job = newId()
  const range = { since: new Date(0), until: new Date(1) }
  await db
    .insert(recoveryJobs)
    .values({ accountId, id: job, webhookId: webhook, kind: 'failed', state: 'paused', ...range })
  const linked = await makeCallLink(db, { accountId, userId }, { callId, personal: false })
  if (!linked.ok) throw new Error('refused')
  return {
    webhook,
    source: source.value.sourceId,
    call: callId,
    delivery: deliveryId,
    event: await makeEvent(db, accountId),
    feedback: feedbackId,
    key: (await createApiKey(db, accountId, userId, { name: 'Key', scopes: ['read'] })).id,
    member,
    session,
    invitation: invitation?.id ?? '',
    notice: await makeNotice(db, accountId, webhook),
    account: accountId,
    erasure,
    job,
    callLink: (await listCallLinks(db, accountId, callId))[0]?.id ?? '',
  }
}

/** SHA-like sum over every row of every table but those that only count time. */
async function hashOfTables(db: Database): Promise<string> {
  const tables = await db.execute<{ name: string }>(sql`
    select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = current_schema()
      and c.relname not in ('drainers', 'upkeep_progress') order by 1`)
  const sums = await Promise.all(
    tables.rows.map(async ({ name }) => {
      const table = sql.identifier(name)
      const { rows } = await db.execute<{ sum: string }>(
        sql`select coalesce(md5(string_agg(t::text, '' order by t::text)), '') as sum from ${table} t`,
      )
      return `${name} ${rows[0]?.sum}`
    }),
  )
  return sums.join('\n')
}

// --- doors -----------------------------------------------------------------------------------------------------------

/** The page that a link opens: its token is all it asks for. */
const sharedPage = '/shared/[token]'
/** Pages for everybody, without a session. */
const openPages = new Set(['/', '/forgotten', '/invitation', '/reset', '/setup', '/sign-in', sharedPage])
/** Pages that a viewer may not open. */
const higherPages: Record<string, Role> = {
  '/settings/audit': 'admin',
  '/settings/webhooks/new': 'admin',
  '/settings/webhooks/[id]/edit': 'admin',
  '/settings/sources/new': 'admin',
}

test('the matrix covers every page, with foreign ids, in every role and without a session', async ({
  hub,
  database,
}) => {
  const { db } = database
  const [own, foreign] = [await makeWorld(db, hub), await makeWorld(db, hub)]
  const withId = pageDoors.filter((door) => door.includes('[') && !openPages.has(door))
  expect(withId.filter((door) => !(door in pageIds))).toEqual([])
  const get = (address: string, cookie = '') => fetch(hub.url + address, { headers: { cookie }, redirect: 'manual' })
  const addressOf = (door: string, ids: Ids) => door.replace('[id]', pageIds[door]?.(ids) ?? '')
  // The first use of a session is written down; everything after it must change nothing.
  for (const role of roles) await get('/settings/profile', own.cookies[role])
  const before = await hashOfTables(db)
  const wrong: string[] = []
  for (const door of pageDoors.filter((door) => !openPages.has(door))) {
    const address = addressOf(door, own.ids)
    const anonymous = await get(address)
    if (anonymous.status !== 307 || anonymous.headers.get('location') !== '/sign-in')
      wrong.push(`${door} without a session: ${anonymous.status}`)
    for (const role of roles) {
      const may = roles.indexOf(role) >= roles.indexOf(higherPages[door] ?? 'viewer')
      const { status } = await get(address, own.cookies[role])
      if (may ? status !== 200 : status !== 403) wrong.push(`${door} as ${role}: ${status}`)
      if (!door.includes('[')) continue
      const swapped = await get(addressOf(door, foreign.ids), own.cookies[role])
      if (swapped.status !== 404 && swapped.status !== 403)
        wrong.push(`${door} as ${role}, foreign id: ${swapped.status}`)
    }
  }
  expect(wrong).toEqual([])
  expect(await hashOfTables(db)).toBe(before)
})

test('a link to a call opens that call without a session, for no cache, and any other address of its kind nothing', async ({
  hub,
  database,
}) => {
  const { db } = database
  const [own, foreign] = [await makeWorld(db, hub), await makeWorld(db, hub)]
  const before = await hashOfTables(db)
  const get = async (path: string) => {
    const answer = await fetch(hub.url + path, { redirect: 'manual' })
    return { status: answer.status, cache: answer.headers.get('cache-control'), body: await answer.text() }
  }
  const { status, cache, body } = await get(own.shared)
  expect({ status, cache }).toEqual({ status: 200, cache: expect.stringContaining('no-store') })
  expect(body).toMatch(/<meta name="referrer" content="no-referrer"\/>/)
  expect(body).toMatch(/<meta name="robots" content="noindex, nofollow"\/>/)
  const shown = Object.values({ ...own.ids, call: '', delivery: '' }).filter((id) => id && body.includes(id))
  expect(shown).toEqual([])
  expect(body).not.toContain(foreign.ids.call)
  const token = own.shared.split('/').at(-1) as string
  const wrong = [token.slice(1), `${token}A`, token.toLowerCase(), '[token]', own.ids.callLink, '..%2f..%2f']
  for (const other of wrong) expect(await get(`/shared/${other}`)).toMatchObject({ status: 404 })
  expect(await get('/shared/%00')).toMatchObject({ status: 400 })
  expect(await hashOfTables(db)).toBe(before)
  // Whatever is asked for, an address is let in 60 times at once.
  const answers = await Promise.all(Array.from({ length: 80 }, () => get('/shared/none')))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404, 429]))
})

const draft = JSON.stringify({
  format: 'standard',
  events: ['feedback.created'],
  condition: { kind: 'any' },
  sources: { kind: 'all' },
})

/** The query of each route with the ids of one account; an empty list: it takes no id. */
const routeQueries: Record<string, (ids: Ids) => string[]> = {
  '/settings/account/erasures': () => [],
  '/settings/audit/export': () => [],
  '/settings/calls/[id]/state': () => [],
  '/settings/calls/export': () => [],
  '/settings/calls/latest': ({ webhook }) => [`?webhook=${showId('webhook', webhook)}`],
  '/settings/calls/webhooks': () => [],
  '/settings/events/export': () => [],
  '/settings/events/webhooks': () => [],
  '/settings/notices': () => [],
  '/settings/recover/count': ({ webhook }) => [`?webhook=${showId('webhook', webhook)}&since=0&until=9&offset=0`],
  '/settings/recover/jobs': ({ webhook }) => [`?webhook=${showId('webhook', webhook)}`],
  '/settings/sources/find': ({ source }) => [`?after=${source}`],
  '/settings/webhooks/[id]/chart': () => ['?span=24h&offset=0'],
  '/settings/webhooks/[id]/state': () => [],
  '/settings/webhooks/first-steps': () => [],
  '/settings/webhooks/preview': ({ webhook }) => [`?webhook=${showId('webhook', webhook)}`],
  '/settings/webhooks/recent-calls': () => [],
}

/** Most routes under a page take the id of the page. */
const routeIds: Record<string, (ids: Ids) => string> = {
  '/settings/calls/[id]/state': ({ delivery }) => showId('delivery', delivery),
}
const addressOfRoute = (address: string, ids: Ids) => {
  const own = routeIds[address.split('?')[0] as string]
  return own ? address.replace('[id]', own(ids)) : addressWith(address, ids)
}

test('the matrix covers every route, which shows nothing of another account and nothing without a session', async ({
  hub,
  database,
}) => {
  const { db } = database
  const [own, foreign] = [await makeWorld(db, hub), await makeWorld(db, hub)]
  expect(routeDoors.filter((door) => !(door in routeQueries))).toEqual([])
  for (const role of roles) await fetch(`${hub.url}/settings/profile`, { headers: { cookie: own.cookies[role] } })
  const before = await hashOfTables(db)
  const wrong: string[] = []
  const hidden = Object.values(foreign.ids)
  // An export of an admin writes an audit entry: find.spec.ts makes one.
  const exports = new Set(['/settings/calls/export', '/settings/events/export'])
  for (const door of routeDoors) {
    const queries = routeQueries[door]?.(foreign.ids) ?? []
    const addresses = [door, ...queries.map((query) => door + query)].map((address) =>
      addressOfRoute(address, foreign.ids),
    )
    for (const address of addresses) {
      const ask = (cookie: string) =>
        door === '/settings/webhooks/preview' || exports.has(door)
          ? fetch(hub.url + address, { method: 'POST', body: draft, headers: { cookie, origin: hub.url } })
          : fetch(hub.url + address, { headers: { cookie }, redirect: 'manual' })
      const anonymous = await ask('')
      if (![401, 403].includes(anonymous.status)) wrong.push(`${address} without a session: ${anonymous.status}`)
      for (const role of exports.has(door) ? (['viewer'] as const) : roles) {
        const answer = await ask(own.cookies[role])
        if (exports.has(door) && answer.status !== 403) wrong.push(`${address} as ${role}: ${answer.status}`)
        const body = await answer.text()
        const shown = hidden.filter((id) => body.includes(id) || body.includes(id.replaceAll('-', '')))
        if (shown.length > 0) wrong.push(`${address} as ${role} shows ${shown.join(' ')}`)
      }
    }
  }
  expect(wrong).toEqual([])
  expect(await hashOfTables(db)).toBe(before)
})

// --- actions ---------------------------------------------------------------------------------------------------------

const form = {
  name: 'Taken over',
  url: 'http://127.0.0.1:9/',
  format: 'feefo',
  encoding: 'json',
  events: ['feedback.created'],
  condition: { kind: 'any' },
  sources: { kind: 'all' },
  authentication: 'account-key',
  basicUser: '',
  basicPassword: '',
  secret: '',
  retries: 9,
  timeoutSeconds: 5,
  ratePerMinute: null,
  headers: [],
}
const links = { mark: '', words: '' }
const never = { since: 0, until: 1, perMinute: null }

/** The arguments of each action with the ids of one account; null: it takes no id and is asked with none. */
const actionArguments: Record<string, ((ids: Ids) => unknown[]) | null> = {
  'settings/actions.ts signOut': null,
  'settings/actions.ts dismiss': ({ notice }) => [notice],
  'settings/actions.ts switchTo': ({ account }) => [account],
  'settings/account/actions.ts saveAccount': null,
  'settings/account/erasure-actions.ts countCustomer': null,
  'settings/account/erasure-actions.ts confirmCounted': ({ erasure }) => [erasure, { typed: 'x@example.net' }],
  'settings/account/erasure-actions.ts withdrawCounted': ({ erasure }) => [erasure],
  'settings/api/actions.ts makeKey': null,
  'settings/api/actions.ts revokeKey': ({ key }) => [key],
  'settings/api/actions.ts rotateKey': ({ key }) => [key, 7],
  'settings/calls/[id]/actions.ts revealHeaders': ({ call }) => [call],
  'settings/calls/[id]/link-actions.ts makeLink': ({ call }) => [call, { personal: true }],
  'settings/calls/[id]/link-actions.ts revokeLink': ({ callLink }) => [callLink],
  'settings/calls/[id]/delivery-actions.ts tryNowHere': ({ delivery }) => [delivery],
  'settings/calls/[id]/delivery-actions.ts sendAgainHere': ({ delivery }) => [delivery],
  'settings/calls/[id]/delivery-actions.ts cancelHere': ({ delivery }) => [delivery],
  'settings/events/actions.ts replayOne': ({ event, webhook }) => [{ eventId: event, webhookIds: [webhook] }],
  'settings/events/actions.ts replayList': ({ webhook }) => [{ webhookIds: [webhook], filter: {}, ...never }],
  'settings/members/actions.ts inviteMember': null,
  'settings/members/actions.ts withdraw': ({ invitation }) => [invitation],
  'settings/members/actions.ts setRole': ({ member }) => [member, 'admin'],
  'settings/members/actions.ts takeOut': ({ member }) => [member],
  'settings/members/actions.ts leave': null,
  'settings/members/actions.ts demand': null,
  'settings/profile/actions.ts changeOwnPassword': null,
  'settings/profile/actions.ts endOwnSession': ({ session }) => [session],
  'settings/profile/actions.ts signOutEverywhere': null,
  'settings/profile/actions.ts beginTwoFactor': null,
  'settings/profile/actions.ts turnTwoFactorOn': null,
  'settings/profile/actions.ts makeRecoveryCodes': null,
  'settings/profile/actions.ts turnTwoFactorOff': null,
  'settings/recover/actions.ts start': ({ webhook }) => [{ webhookId: webhook, ...never, expected: { failed: 1 } }],
  'settings/recover/actions.ts change': ({ job }) => [job, 'cancelled'],
  'settings/sources/actions.ts create': null,
  'settings/sources/actions.ts update': ({ source }) => [source, { name: 'x', kind: 'email', vendorIds: {} }],
  'settings/sources/actions.ts archive': ({ source }) => [source, true],
  'settings/sources/actions.ts listeners': ({ source }) => [source],
  'settings/sources/actions.ts saveWebhook': ({ source }) => [source, { url: 'https://93.184.215.14/' }],
  'settings/sources/actions.ts testFireWebhook': ({ webhook }) => [webhook],
  'settings/sources/actions.ts link': ({ webhook, source }) => [webhook, 1, { kind: 'chosen', ids: [source] }],
  'settings/webhooks/actions.ts saveKey': null,
  'settings/webhooks/actions.ts removeKey': null,
  'settings/webhooks/actions.ts revealKey': null,
  'settings/webhooks/actions.ts readWaitingKey': null,
  'settings/webhooks/actions.ts endSteps': null,
  'settings/webhooks/actions.ts countQueuedOf': ({ webhook }) => [webhook],
  'settings/webhooks/actions.ts switchOn': ({ webhook }) => [webhook, false],
  'settings/webhooks/actions.ts readTurnedOffOf': ({ webhook }) => [webhook],
  'settings/webhooks/actions.ts recover': ({ webhook }) => [webhook, 0],
  'settings/webhooks/actions.ts removeWebhook': ({ webhook }) => [webhook],
  'settings/webhooks/actions.ts testFireStored': ({ webhook }) => [webhook],
  'settings/webhooks/form-actions.ts register': null,
  'settings/webhooks/form-actions.ts update': ({ webhook }) => [webhook, links, 1, form],
  'settings/webhooks/form-actions.ts testFireForm': ({ webhook }) => [webhook, form, {}],
  'settings/webhooks/form-actions.ts revealSecret': ({ webhook }) => [webhook],
  'settings/webhooks/[id]/hold-actions.ts holdHere': ({ webhook }) => [webhook, { until: '' }],
  'settings/webhooks/[id]/hold-actions.ts releaseHere': ({ webhook }) => [webhook],
  'settings/webhooks/[id]/hold-actions.ts tryNowHere': ({ webhook }) => [webhook],
  'settings/webhooks/[id]/actions.ts revealSecretOf': ({ webhook }) => [webhook, 1],
  'settings/webhooks/[id]/actions.ts rotate': ({ webhook }) => [webhook, { overlapHours: 0, secret: '' }],
  'settings/webhooks/[id]/actions.ts endOverlapNow': ({ webhook }) => [webhook],
  'settings/webhooks/[id]/actions.ts switchHere': ({ webhook }) => [webhook, false],
  'settings/webhooks/[id]/actions.ts testFireHere': ({ webhook }) => [webhook],
  'settings/webhooks/[id]/actions.ts testNewSecret': ({ webhook }) => [webhook],
  'settings/webhooks/[id]/actions.ts removeHere': ({ webhook }) => [webhook],
}
/** Actions that ask for no session: they check a password, a code or the token of a link, and take no id. */
const isForVisitors = (door: string) => door.startsWith('(auth)/')

test('the matrix covers every action: with foreign ids, and without a session, each changes nothing', async ({
  hub,
  database,
}) => {
  const { db } = database
  const [own, foreign] = [await makeWorld(db, hub), await makeWorld(db, hub)]
  const doors = actionDoors().map((door) => ({ ...door, key: `${door.file} ${door.name}` }))
  expect(doors.map(({ key }) => key).sort()).toEqual([...exportedActions].sort())
  const inside = doors.filter(({ key }) => !isForVisitors(key))
  expect(inside.map(({ key }) => key).filter((key) => !(key in actionArguments))).toEqual([])
  for (const role of roles) await fetch(`${hub.url}/settings/profile`, { headers: { cookie: own.cookies[role] } })
  const wrong: string[] = []
  let hash = await hashOfTables(db)
  for (const { key, id, page } of inside) {
    const address = hub.url + page.replace('[id]', pageIds[page]?.(own.ids) ?? '')
    const ask = (cookie: string, given: unknown[]) =>
      fetch(address, {
        method: 'POST',
        body: JSON.stringify(given),
        headers: { cookie, origin: hub.url, 'next-action': id, 'content-type': 'text/plain;charset=UTF-8' },
      })
    const argumentsOf = actionArguments[key]
    const anonymous = await ask('', argumentsOf?.(own.ids) ?? [])
    if (anonymous.status !== 401) wrong.push(`${key} without a session: ${anonymous.status}`)
    if (argumentsOf)
      for (const role of roles) {
        const answer = await ask(own.cookies[role], argumentsOf(foreign.ids))
        const body = await answer.text()
        if (answer.status !== 404 && answer.status !== 403)
          wrong.push(`${key} as ${role}: ${answer.status} ${body.slice(0, 300)}`)
      }
    const after = await hashOfTables(db)
    if (after !== hash) wrong.push(`${key} changed ${changedTables(hash, after)}`)
    hash = after
  }
  expect(wrong).toEqual([])
})

/** Actions after which the session of their caller is over. */
const endsSession = new Set(['settings/actions.ts signOut', 'settings/profile/actions.ts signOutEverywhere'])

test('the positive control: every route and action answers the owner of the ids that it refuses to others', async ({
  hub,
  database,
}) => {
  const { db } = database
  const world = await makeWorld(db, hub)
  let cookie = world.cookies.owner
  const wrong: string[] = []
  for (const door of routeDoors)
    for (const query of ['', ...(routeQueries[door]?.(world.ids) ?? [])]) {
      const address = hub.url + addressOfRoute(door + query, world.ids)
      const { status } = await (door === '/settings/webhooks/preview'
        ? fetch(address, { method: 'POST', body: draft, headers: { cookie, origin: hub.url } })
        : fetch(address, { headers: { cookie }, redirect: 'manual' }))
      // Without the query that it needs, a route finds nothing.
      const whole = query !== '' || routeQueries[door]?.(world.ids).length === 0
      if ([401, 403].includes(status) || (whole && status === 404)) wrong.push(`${door}${query}: ${status}`)
    }
  for (const { file, name, id, page } of actionDoors()) {
    const key = `${file} ${name}`
    if (isForVisitors(key)) continue
    const ids = await makeThings(db, hub, { accountId: world.ids.account, userId: world.userId })
    const taken = actionArguments[key]
    const answer = await fetch(hub.url + page.replace('[id]', pageIds[page]?.(world.ids) ?? ''), {
      method: 'POST',
      body: JSON.stringify(taken?.(ids) ?? []),
      headers: { cookie, origin: hub.url, 'next-action': id, 'content-type': 'text/plain;charset=UTF-8' },
    })
    // An action that takes no id was sent nothing, which some throw at.
    if ([401, 403, 404].includes(answer.status) || (taken && answer.status !== 200))
      wrong.push(`${key}: ${answer.status} ${(await answer.text()).slice(0, 300)}`)
    if (endsSession.has(key)) cookie = await world.signIn()
  }
  expect(wrong).toEqual([])
})

const changedTables = (before: string, after: string) => {
  const known = new Set(before.split('\n'))
  return after
    .split('\n')
    .filter((line) => !known.has(line))
    .join(', ')
}

test('every page has the security headers, and is not for search engines', async ({ hub, database }) => {
  const world = await makeWorld(database.db, hub)
  const names = [
    'content-security-policy',
    'x-content-type-options',
    'referrer-policy',
    'x-frame-options',
    'x-robots-tag',
  ]
  for (const door of pageDoors) {
    const address = door.replace('[id]', pageIds[door]?.(world.ids) ?? '')
    const { headers } = await fetch(hub.url + address, { headers: { cookie: world.cookies.owner }, redirect: 'manual' })
    const found = names.map((name) => headers.get(name)?.replace(/'nonce-[^']+'/, "'nonce-…'"))
    expect({ door, found }).toEqual({
      door,
      found: [
        "default-src 'self'; script-src 'self' 'nonce-…'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'",
        'nosniff',
        'same-origin',
        'DENY',
        'noindex, nofollow',
      ],
    })
  }
})
