import { type Debounce, openDebounce } from '../../debounce'

// The mode of a drain. Exactly one is in force:
//
// - starting: the drain's session with the database (drain-session.ts) is not open yet. Nothing is claimed or called.
// - running: due rows are claimed, deliveries are preclaimed, calls are made and recorded.
// - isolating: rows with many abandoned claims are called one at a time, with nothing beside them, because one of them may
//   be what killed its drainers. Nothing else is claimed, and what was buffered has been released.
// - away: the database did not answer, or the session closed. Nothing is claimed and no call starts. Calls in flight end,
//   and their records wait.
// - recovering: the database answers again. Buffered rows are called. Nothing is claimed for two seconds: leases may have
//   ended meanwhile whose calls were made, and the drainers that made them record them first.
// - stopping: nothing is claimed, what was buffered has been released, calls in flight end and are recorded.
//
// Transitions:
//
//   starting   → running      the session opened at the first try
//   starting   → away         it did not
//   running    → isolating    a row with many abandoned claims is due
//   isolating  → running      no such row is due, or they had their share of the time
//   running    → away         a statement failed, or the session closed; so do isolating and recovering
//   away       → recovering   the session is open, and the database answered
//   recovering → running      two seconds later
//   (any)      → stopping     the process stops; there is no way back

export type Mode = 'starting' | 'running' | 'isolating' | 'away' | 'recovering' | 'stopping'

const transitions: Record<Mode, readonly Mode[]> = {
  starting: ['running', 'away', 'stopping'],
  running: ['isolating', 'away', 'stopping'],
  isolating: ['running', 'away', 'stopping'],
  away: ['recovering', 'stopping'],
  recovering: ['running', 'away', 'stopping'],
  stopping: [],
}

/** Longer than a recorder waits before it tries again. */
const recoverMs = 2_000

export class DrainMode {
  #now: Mode = 'starting'
  #sessionOpen = false
  readonly #recovered: Debounce

  /** `onRecovered`: recovering has ended, and running begins again. */
  constructor(onRecovered: () => void) {
    this.#recovered = openDebounce(() => this.#enter('running') && onRecovered())
  }

  get now(): Mode {
    return this.#now
  }

  is(...modes: Mode[]): boolean {
    return modes.includes(this.#now)
  }

  /** Returns whether running begins; after an outage recovering begins instead. */
  sessionOpened(): boolean {
    this.#sessionOpen = true
    if (this.#now === 'starting') return this.#enter('running')
    this.databaseAnswered()
    return false
  }

  sessionClosed(): void {
    this.#sessionOpen = false
    this.databaseFailed()
  }

  databaseFailed(): void {
    if (this.#enter('away')) this.#recovered.cancel()
  }

  databaseAnswered(): void {
    if (this.#sessionOpen && this.#enter('recovering')) this.#recovered.within(recoverMs)
  }

  /** Returns whether isolating begins. */
  isolate(): boolean {
    return this.#enter('isolating')
  }

  /** Returns whether running begins again: an outage or a stop may have ended the isolation before. */
  endIsolation(): boolean {
    return this.#now === 'isolating' && this.#enter('running')
  }

  stop(): void {
    this.#recovered.cancel()
    this.#enter('stopping')
  }

  /** Returns false and changes nothing where the mode in force does not lead to `next`. */
  #enter(next: Mode): boolean {
    const allowed = transitions[this.#now].includes(next)
    if (allowed) this.#now = next
    return allowed
  }
}
