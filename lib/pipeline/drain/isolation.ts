import type pg from 'pg'
import { claimAbandoned } from '../queue/claim'
import type { ClaimedRow, Claimer } from '../queue/claimed-row'

// Rows with many abandoned claims may be what killed their drainers. They are called one at a time, with nothing beside
// them, so that the next death says which one it was and takes nothing else with it.

/** Isolation lasts this long at a time, and takes at most this share of the time while there is other work. */
const isolateForMs = 1_000
const isolateShare = 1 / 5

export type IsolatingDrain = {
  /** Ends everything else. Returns false where isolation must not begin now. */
  begin(): Promise<boolean>
  /** Whether isolation may go on. */
  mayGoOn(): boolean
  /** Calls one row and waits until the call is recorded. */
  call(row: ClaimedRow, claimedAt: number): Promise<void>
  end(): void
}

export class Isolation {
  readonly #db: pg.Pool
  readonly #claimer: Claimer
  readonly #drain: IsolatingDrain
  #notBefore = 0

  constructor(db: pg.Pool, claimer: Claimer, drain: IsolatingDrain) {
    this.#db = db
    this.#claimer = claimer
    this.#drain = drain
  }

  /** Calls the rows with many abandoned claims that are due, for as long as isolation may last. `busy`: there is other work. */
  async run(busy: boolean): Promise<void> {
    const began = performance.now()
    if (busy && began < this.#notBefore) return
    if (!(await this.#drain.begin())) return
    try {
      while (performance.now() < began + isolateForMs && this.#drain.mayGoOn()) {
        const claimedAt = performance.now()
        const row = await claimAbandoned(this.#db, this.#claimer)
        if (!row) return
        await this.#drain.call(row, claimedAt)
      }
    } finally {
      const tookMs = performance.now() - began
      this.#notBefore = performance.now() + tookMs / isolateShare - tookMs
      this.#drain.end()
    }
  }
}
