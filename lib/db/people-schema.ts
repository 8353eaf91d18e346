import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { bytea, createdAt, moment } from './columns'
import { accountId } from './schema'

// People and their sessions: first the five tables of the auth library (Better Auth), with the hub's names, then the hub's.

export const users = pgTable('users', {
  id: text().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean().notNull().default(false),
  image: text(),
  twoFactorEnabled: boolean().notNull().default(false),
  createdAt: createdAt(),
  updatedAt: createdAt(),
})

export const sessions = pgTable(
  'sessions',
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    token: text().notNull().unique(),
    expiresAt: moment().notNull(),
    ipAddress: text(),
    userAgent: text(),
    /** The account that the session works in; null or one that the person left: the first that they joined. */
    accountId: uuid(),
    /** Written at most hourly, with the address. */
    lastUsedAt: moment(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  (t) => [index().on(t.userId)],
)

export const credentials = pgTable(
  'credentials',
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    accountId: text().notNull(),
    providerId: text().notNull(),
    password: text(),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: moment(),
    refreshTokenExpiresAt: moment(),
    scope: text(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  (t) => [index().on(t.userId)],
)

/** What a reset link or a sign-in that waits for its second factor is checked against: SHA-256 of the token. */
export const verifications = pgTable(
  'verifications',
  {
    id: text().primaryKey(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: moment().notNull(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  (t) => [index().on(t.identifier)],
)

/** Secret and recovery codes of a person's two-factor sign-in, encrypted by the auth library. */
export const twoFactors = pgTable(
  'two_factors',
  {
    id: text().primaryKey(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    secret: text().notNull(),
    backupCodes: text().notNull(),
    /** True once a code of the authenticator was entered. */
    verified: boolean().notNull().default(true),
    failedVerificationCount: integer().notNull().default(0),
    lockedUntil: moment(),
  },
  (t) => [index().on(t.userId)],
)

/** Failed sign-ins by e-mail and by client address, which the throttle counts. */
export const signInFailures = pgTable('sign_in_failures', { subject: text().notNull(), at: createdAt() }, (t) => [
  index().on(t.subject, t.at),
])

export const members = pgTable(
  'members',
  {
    accountId: accountId(),
    userId: text()
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: text({ enum: ['owner', 'admin', 'viewer'] }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ columns: [t.accountId, t.userId] }), index().on(t.userId)],
)

/** Links by which people join an account. */
export const invitations = pgTable(
  'invitations',
  {
    accountId: accountId(),
    id: uuid().notNull(),
    email: text().notNull(),
    role: text({ enum: ['owner', 'admin', 'viewer'] }).notNull(),
    /** SHA-256 of the token in the link. */
    hash: bytea().notNull().unique(),
    /** Null: the operator's shell. */
    createdBy: text(),
    createdAt: createdAt(),
    expiresAt: moment().notNull(),
    /** Accepted or withdrawn; null: open. */
    endedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.accountId, t.id] }),
    uniqueIndex('invitations_open').on(t.accountId, t.email).where(sql`ended_at is null`),
  ],
)
