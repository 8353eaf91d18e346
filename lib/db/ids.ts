import { randomFillSync } from 'node:crypto'
import type pg from 'pg'
import { v4, v7 } from 'uuid'

// Ids are UUID v7 with the time of the database's clock, so that the ids of all processes sort by time and belong to the
// right partition. lib/type-id.ts shows them.

const measureEveryMs = 60_000

let offsetMs = 0
let measuredAt = Number.NEGATIVE_INFINITY
let measurements = 0
let answered = 0
let sequence = 0
let last = 0
// Filled for many ids at once, because asking for 16 bytes at a time costs as much as the rest of an id.
const random = new Uint8Array(16 * 256)
let randomUsed = random.length

/** Milliseconds of the database's clock, as this process last measured it. */
export const hubTime = (): number => Date.now() + offsetMs

/** Measures the offset between this process's clock and the database's. Not in a transaction, whose time does not move. */
export async function measureClock(db: pg.Pool | pg.ClientBase): Promise<void> {
  const asked = ++measurements
  const before = Date.now()
  const { rows } = await db.query<{ ms: string }>('select extract(epoch from hub_now()) * 1000 as ms')
  // A late answer must not replace the answer to a later query.
  if (asked < answered) return
  answered = asked
  offsetMs = Math.round(Number(rows[0]?.ms) - (before + Date.now()) / 2)
  measuredAt = performance.now()
}

/** Calls `measureClock`, unless the clock was measured in the last minute. */
export async function freshClock(db: pg.Pool | pg.ClientBase): Promise<void> {
  if (performance.now() - measuredAt > measureEveryMs) await measureClock(db)
}

/** A new UUID v7 of this moment. Ids of one process grow, also within a millisecond. */
export function newId(atMs: number = hubTime()): string {
  // When the clock steps back by less than 1 s, the last time is used, which keeps the order. A larger step is followed.
  const msecs = atMs < last && last - atMs < 1000 ? last : atMs
  sequence = msecs === last ? sequence + 1 : 0
  last = msecs
  return v7({ msecs, seq: sequence, random: nextRandom() })
}

function nextRandom(): Uint8Array {
  if (randomUsed === random.length) {
    randomFillSync(random)
    randomUsed = 0
  }
  randomUsed += 16
  return random.subarray(randomUsed - 16, randomUsed)
}

/** A random id, for ids that are sent to receivers. */
export const newRandomId = (): string => v4()

/** The time in a UUID v7, in milliseconds since 1970. */
export const timeOfId = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

/** The smallest UUID v7 of a moment, as the bound of an id range. */
export function floorId(atMs: number): string {
  const hex = Math.floor(atMs).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}
