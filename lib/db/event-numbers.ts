import type pg from 'pg'

// Integers for events, because some formats' ids are integers. A process takes a thousand at a time from the database;
// those it does not use are lost.

const blockSize = 1000
let next = 0
let end = 0

/** Takes `count` consecutive numbers (at most 1,000) that no other event has, and returns the first. */
export async function takeEventNumbers(db: Pick<pg.Pool | pg.ClientBase, 'query'>, count: number): Promise<number> {
  while (end - next < count) {
    const { rows } = await db.query<{ first: number }>({
      name: 'event-numbers',
      text: "select nextval('event_numbers') as first",
    })
    next = rows[0]?.first as number
    end = next + blockSize
  }
  const first = next
  next += count
  return first
}
