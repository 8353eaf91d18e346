import { randomFillSync } from 'node:crypto'
import type pg from 'pg'
import { v4, v7 } from 'uuid'

// Ids are UUID v7 whose time is the database's, so that ids made by any process sort and partition alike.
// lib/type-id.ts shows them.

const measureEveryMs = 60_000

let offsetMs = 0
let measuredAt = Number.NEGATIVE_INFINITY
let measurements = 0
let answered = 0
let sequence = 0
let last = 0
// Filled for many ids at once: asking for 16 bytes at a time costs as much as the rest of an id.
const random = new Uint8Array(16 * 256)
let randomUsed = random.length

/** Milliseconds of the database's clock, as this process last measured it. */
export const hubTime = (): number => Date.now() + offsetMs

/** Measures how far this process's clock is from the database's. Not inside a transaction: its time stands still. */
export async function measureClock(db: pg.Pool | pg.ClientBase): Promise<void> {
  const asked = ++measurements
  const before = Date.now()
  const { rows } = await db.query<{ ms: string }>('select extract(epoch from hub_now()) * 1000 as ms')
  // An answer that was long on its way must not replace one to a later question.
  if (asked < answered) return
  answered = asked
  offsetMs = Math.round(Number(rows[0]?.ms) - (before + Date.now()) / 2)
  measuredAt = performance.now()
}

/** The same, unless it was measured in the last minute. */
export async function freshClock(db: pg.Pool | pg.ClientBase): Promise<void> {
  if (performance.now() - measuredAt > measureEveryMs) await measureClock(db)
}

/** A new UUID v7 of now; within one millisecond ids of one process grow. */
export function newId(atMs: number = hubTime()): string {
  // A clock that steps back a little keeps the order; one that was set back is believed.
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

/** A random id, for what is shown to the public. */
export const newRandomId = (): string => v4()

/** The moment a UUID v7 was made, in milliseconds. */
export const timeOfId = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

/** The smallest UUID of a moment: the bound of an id range. */
export function floorId(atMs: number): string {
  const hex = Math.floor(atMs).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}
