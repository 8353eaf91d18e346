/** A clock for all readers of one kind on a page, for useSyncExternalStore. It runs while anything reads it. */
export function openSharedClock(everyMs: number) {
  let now = 0
  let timer: ReturnType<typeof setInterval> | undefined
  const listeners = new Set<() => void>()
  return {
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      timer ??= setInterval(() => {
        now = Date.now()
        for (const notify of listeners) notify()
      }, everyMs)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearInterval(timer)
        timer = undefined
        now = 0
      }
    },
    /** Unix milliseconds of its last tick. */
    read(): number {
      now ||= Date.now()
      return now
    },
  }
}
