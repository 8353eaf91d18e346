import { sql } from 'drizzle-orm'
import { timestamp, uuid } from 'drizzle-orm/pg-core'
import { accounts } from './schema'

/** A time, always with its zone. */
export const moment = () => timestamp({ withTimezone: true, mode: 'date' })

export const createdAt = () => moment().notNull().default(sql`hub_now()`)

/** The account a row belongs to: in every table. */
export const accountId = () =>
  uuid()
    .notNull()
    .references(() => accounts.id)
