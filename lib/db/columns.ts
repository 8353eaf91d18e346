import { sql } from 'drizzle-orm'
import { customType, timestamp } from 'drizzle-orm/pg-core'

/** A time, always with its zone. */
export const moment = () => timestamp({ withTimezone: true, mode: 'date' })

export const createdAt = () => moment().notNull().default(sql`hub_now()`)

export const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' })
