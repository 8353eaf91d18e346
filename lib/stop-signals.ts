import { errorText } from './log-redaction'

/** The longest call there may be (30 s), and what it takes to record it. Who runs the hub waits a little longer still. */
const GRACE_MS = 35_000
const ECHO_MS = 500

/**
 * On SIGTERM or SIGINT runs `stop` and exits with 0. Exits with 1 when that fails or takes longer than the grace, and at a
 * second signal. npm passes a Ctrl-C on that the terminal has already sent: a signal within half a second is the same one.
 * `channel`: the process belongs to the one that started it. It stops when its IPC channel closes, and no signal stops it.
 */
export function onStopSignal(stop: () => Promise<void>, { channel = false, graceMs = GRACE_MS } = {}): void {
  let first: number | undefined
  const handle = () => {
    if (first !== undefined) {
      if (performance.now() - first > ECHO_MS) process.exit(1)
      return
    }
    first = performance.now()
    setTimeout(() => {
      console.error(`Hearback did not stop within ${graceMs / 1000} s`)
      process.exit(1)
    }, graceMs).unref()
    stop().then(
      () => process.exit(0),
      (error) => {
        console.error(errorText(error))
        process.exit(1)
      },
    )
  }
  if (!channel) {
    process.on('SIGTERM', handle).on('SIGINT', handle)
    return
  }
  process.on('SIGTERM', () => {}).on('SIGINT', () => {})
  process.once('disconnect', handle)
  // The other process may have been killed before this one listened for that.
  if (!process.connected) handle()
}
