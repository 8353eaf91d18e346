import { randomBytes } from 'node:crypto'
import { hashPassword } from 'better-auth/crypto'
import { eq } from 'drizzle-orm'
import { type Hub, startHub } from '@/e2e/fixtures/processes/hub'
import { makeAuth } from '@/lib/accounts/auth'
import { openDatabase } from '@/lib/db/client'
import { newId } from '@/lib/db/ids'
import { credentials, members, users } from '@/lib/db/people-schema'
import { buildAll } from '@/scripts/build.mjs'
import type { Bench } from './bench'
import type { HubDatabase, Sender } from './hub-database'

// The hub as npm start runs it, pages included, on a database of the benchmark.

const running = new Set<Hub>()

export async function startWholeHub(bench: Bench, database: HubDatabase = bench.world): Promise<Hub> {
  if (!(await buildAll())) throw new Error('the build failed')
  const { HEARBACK_SECRET_KEYS = '' } = process.env
  const hub = await startHub({
    databaseUrl: database.databaseUrl,
    environment: { HEARBACK_SECRET_KEYS, LOG_LEVEL: 'warn' },
  })
  running.add(hub)
  return hub
}

/** Ends those that a part has started. */
export async function stopWholeHubs(): Promise<void> {
  await Promise.all([...running].map((hub) => hub.stop()))
  running.clear()
}

/** A session of a new owner of the sender's account, as cookies. */
export async function signIn(
  hub: Hub,
  { pool }: HubDatabase,
  { accountId, userId }: Sender,
): Promise<{ name: string; value: string }[]> {
  const db = openDatabase(pool)
  const password = randomBytes(12).toString('base64url')
  const hashed = await hashPassword(password)
  await db.insert(credentials).values({
    id: newId(),
    userId,
    accountId: userId,
    providerId: 'credential',
    password: hashed,
  })
  await db.insert(members).values({ accountId, userId, role: 'owner' })
  const [person] = await db.select({ email: users.email }).from(users).where(eq(users.id, userId))
  const { api } = makeAuth(db, { url: hub.url, secret: hub.sessionSecret })
  const { headers } = await api.signInEmail({ body: { email: person?.email ?? '', password }, returnHeaders: true })
  return headers.getSetCookie().map((line) => {
    const [pair = ''] = line.split(';')
    const [name = '', value = ''] = pair.split(/=(.*)/)
    return { name, value }
  })
}
