// Long work in memory runs in slices: it lets the event loop turn at least every 8 ms, so that calls, answers and timers
// of others are never late by more. All sliced work of the process shares one slice a turn: a hundred bodies that are
// parsed at once hold the loop no longer than one.

const sliceMs = 8

/** When the slice of this turn of the loop ends; undefined while no sliced work has run in it. */
let endsAt: number | undefined
let scheduled = false
/** Who waits for a slice, in the order of asking; those of open transactions come first. */
const inTransaction: (() => void)[] = []
const others: (() => void)[] = []

/** Whether sliced work has used the slice of this turn. The caller then waits for `nextSlice`. */
export function sliceIsOver(): boolean {
  const now = performance.now()
  if (endsAt === undefined) begin(now)
  return now >= (endsAt as number)
}

/** Resolves once there is a slice again. `transaction`: one is open, and holds locks meanwhile. */
export function nextSlice({ transaction = false } = {}): Promise<void> {
  schedule()
  return new Promise((resolve) => (transaction ? inTransaction : others).push(resolve))
}

function begin(now: number): void {
  endsAt = now + sliceMs
  schedule()
}

function schedule(): void {
  if (scheduled) return
  scheduled = true
  setImmediate(() => {
    scheduled = false
    endsAt = undefined
    if (inTransaction.length + others.length === 0) return
    begin(performance.now())
    resume()
  })
}

/** Resumes one after another until the slice is over. What runs after `resolve` is a microtask, so it comes first. */
function resume(): void {
  const next = inTransaction.shift() ?? others.shift()
  if (!next) return
  next()
  queueMicrotask(() => {
    if (!sliceIsOver()) resume()
  })
}
