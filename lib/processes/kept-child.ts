import type { ChildProcess } from 'node:child_process'

// A child process that is started again when it ends. Its IPC channel is its life line: the child ends when that closes,
// which it also does when this process is killed.

const firstPauseMs = 250
const longestPauseMs = 10_000
/** A process that lived this long did not fail at its start. */
const livedMs = 10_000

export type KeptChild = {
  start(): void
  /** Closes the channel and waits for the child's end. It is killed when that takes longer than `patienceMs`. */
  stop(): Promise<void>
}

type Options = {
  /** Creates the process. It may throw, as `fork` does where memory is short. */
  create(): ChildProcess
  patienceMs: number
  /** Called each time the process has ended by itself or could not be created, and is started again in `pauseMs`. */
  onEnd(reason: string, pauseMs: number): void
}

/**
 * `start` creates the child. When it ends, it is created again: after 250 ms if it ran for 10 s, else after 500 ms, 1 s,
 * 2 s and so on, at most 10 s.
 */
export function keepChild({ create, patienceMs, onEnd }: Options): KeptChild {
  let child: ChildProcess | undefined
  let stopping = false
  let pauseMs = firstPauseMs
  let again: NodeJS.Timeout | undefined

  const start = () => {
    const since = performance.now()
    const startAgain = (reason: string) => {
      child = undefined
      if (stopping) return
      pauseMs = performance.now() - since > livedMs ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs)
      onEnd(reason, pauseMs)
      again = setTimeout(start, pauseMs)
    }
    try {
      const own = create()
      child = own
      own.once('exit', (code, signal) => startAgain(signal ?? `exit code ${code}`))
      // A process that was never created has no `pid` and no 'exit' event. Other errors do not end the process.
      own.on('error', (error) => own.pid === undefined && startAgain(error.message))
    } catch (error) {
      // Node throws some errors of the operating system, such as ENOMEM, instead of emitting them.
      startAgain((error as Error).message)
    }
  }

  return {
    start,
    async stop() {
      stopping = true
      clearTimeout(again)
      if (child) await ended(child, patienceMs)
    },
  }
}

function ended(child: ChildProcess, patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
    if (child.connected) child.disconnect()
    else child.kill('SIGKILL')
  })
}
