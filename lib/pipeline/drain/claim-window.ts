/** A transaction that makes rows due commits within this time, or its rows are found at the next look, a second later. */
const commitWithinMs = 5_000

/**
 * Which rows the next claim looks at: those that came due since claims last saw all, or every due row. Times are
 * milliseconds of the monotonic clock.
 */
export class ClaimWindow {
  #seenUntil = Number.NEGATIVE_INFINITY
  #wide = true

  /** The next claim looks at every due row. */
  widen(): void {
    this.#wide = true
  }

  /** A claim begins now. Returns for how long the rows that it looks at may have been due; Infinity: for any time. */
  open(now: number): number {
    if (this.#wide) this.#seenUntil = Number.NEGATIVE_INFINITY
    this.#wide = false
    return now - this.#seenUntil
  }

  /** The claim that began at `began` has seen every row that was due. */
  sawAll(began: number): void {
    this.#seenUntil = began - commitWithinMs
  }
}
