import type pg from 'pg'

// Integers for events, because some formats' ids are integers. Taken from the database a thousand at a time; those a
// process does not use are never used.

const blockSize = 1000
let next = 0
let end = 0

/** Makes sure that `eventNumber` can be called `count` times, at most 1,000. */
export async function reserveEventNumbers(db: pg.Pool | pg.ClientBase, count: number): Promise<void> {
  if (end - next >= count) return
  const { rows } = await db.query<{ first: number }>({
    name: 'event-numbers',
    text: "select nextval('event_numbers') as first",
  })
  next = rows[0]?.first as number
  end = next + blockSize
}

/** A number that no other event has. */
export function eventNumber(): number {
  if (next >= end) throw new Error('no event numbers were reserved')
  return next++
}
