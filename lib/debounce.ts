export type Debounce = {
  /** Requests a run within `ms` milliseconds (0: now). Of several open requests the earliest counts, for all of them. */
  within(ms: number): void
  /** Drops the open request. */
  cancel(): void
  /** A run is requested and has not begun. */
  readonly pending: boolean
}

/**
 * Answers any number of requests with one call of `run`. Two runs begin at least `gapMs` milliseconds apart, by the
 * monotonic clock. A request for now that is not too early runs at once, in the same call.
 */
export function openDebounce(run: () => void, gapMs = 0): Debounce {
  let timer: NodeJS.Timeout | undefined
  let dueAt = Number.POSITIVE_INFINITY
  let lastAt = Number.NEGATIVE_INFINITY

  function start() {
    cancel()
    lastAt = performance.now()
    run()
  }

  function cancel() {
    clearTimeout(timer)
    dueAt = Number.POSITIVE_INFINITY
  }

  return {
    within(ms) {
      const now = performance.now()
      const at = Math.max(now + ms, lastAt + gapMs)
      if (at >= dueAt) return
      cancel()
      if (at <= now) return start()
      dueAt = at
      timer = setTimeout(start, at - now)
    },
    cancel,
    get pending() {
      return dueAt !== Number.POSITIVE_INFINITY
    },
  }
}
