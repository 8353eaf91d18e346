const windowMs = 1_000

/**
 * Lets the same thing be written at most once a second. `write` is called at once with 1 the first time, then, when the
 * second is over, with how many times it came up meanwhile.
 */
export function limitRepeats(): (key: string, write: (times: number) => void) => void {
  const waiting = new Map<string, { times: number; write: (times: number) => void }>()
  const open = (key: string) => {
    const timer = setTimeout(() => {
      const held = waiting.get(key)
      waiting.delete(key)
      if (!held?.times) return
      held.write(held.times)
      waiting.set(key, { ...held, times: 0 })
      open(key)
    }, windowMs)
    timer.unref()
  }
  return (key, write) => {
    const held = waiting.get(key)
    if (held) {
      held.times++
      held.write = write
      return
    }
    waiting.set(key, { times: 0, write })
    open(key)
    write(1)
  }
}
