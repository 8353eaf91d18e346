import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { betterAuth } from 'better-auth/minimal'
import { nextCookies } from 'better-auth/next-js'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { type Database, db, type Transaction } from '../db/client'
import { newId } from '../db/ids'
import { credentials, sessions, twoFactors, users, verifications } from '../db/people-schema'
import { env } from '../env'
import { CLIENT_ADDRESS_HEADER } from '../http/client-address'

const days = 24 * 60 * 60
/** Names a random value at rest by its SHA-256 alone: a reset link, a sign-in that waits for its second factor. */
const storeIdentifier = 'hashed'

/**
 * The auth library on our tables. None of its HTTP routes is mounted: actions call `auth().api`. Its own limiter does
 * not see such calls; lib/accounts/throttle.ts does that work. A session lasts 30 days and is not prolonged by reading
 * pages: a GET changes nothing.
 */
export const makeAuth = (
  database: Database,
  { url, secret, setsCookies = true }: { url: string; secret: string; setsCookies?: boolean },
) =>
  betterAuth({
    appName: 'Hearback',
    baseURL: url,
    secret,
    database: drizzleAdapter(database, {
      provider: 'pg',
      schema: {
        user: users,
        session: sessions,
        account: credentials,
        verification: verifications,
        twoFactor: twoFactors,
      },
      transaction: true,
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 10,
      maxPasswordLength: 128,
      revokeSessionsOnPasswordReset: true,
    },
    verification: { storeIdentifier },
    session: {
      expiresIn: 30 * days,
      disableSessionRefresh: true,
      freshAge: 0,
      // Declared, so that the session that replaces another one keeps them.
      additionalFields: {
        accountId: { type: 'string', required: false, input: false },
        lastUsedAt: { type: 'date', required: false, input: false, defaultValue: () => new Date() },
      },
    },
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'hearback',
      useSecureCookies: url.startsWith('https://'),
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true, path: '/' },
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      database: { generateId: () => newId() },
    },
    telemetry: { enabled: false },
    logger: { level: 'error' },
    plugins: [twoFactor(), ...(setsCookies ? [nextCookies()] : [])],
  })

let shared: ReturnType<typeof makeAuth> | undefined

/** This process's auth library, made on first use. */
export function auth(): ReturnType<typeof makeAuth> {
  shared ??= makeAuth(db(), { url: env().HEARBACK_URL, secret: env().HEARBACK_SESSION_SECRET })
  return shared
}

let withoutCookies: ReturnType<typeof makeAuth> | undefined

/** The same for what must set no cookie: with one, Next draws the page again, signed out, in the answer of an action. */
export function authWithoutCookies(): ReturnType<typeof makeAuth> {
  withoutCookies ??= makeAuth(db(), {
    url: env().HEARBACK_URL,
    secret: env().HEARBACK_SESSION_SECRET,
    setsCookies: false,
  })
  return withoutCookies
}

/** The auth library inside a transaction: what it changes is kept or undone with the rest, such as the audit entry. */
export const authIn = (tx: Transaction): ReturnType<typeof makeAuth> =>
  makeAuth(tx as unknown as Database, { url: env().HEARBACK_URL, secret: env().HEARBACK_SESSION_SECRET })
