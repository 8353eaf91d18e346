import { type ChildProcess, fork } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

// Starts the process that renders the pages (pages-main.ts), and starts it again when it dies. It answers on a Unix
// socket in a folder that only this user can read.

const firstPauseMs = 250
const longestPauseMs = 10_000
/** A process that lived this long did not fail at its start. */
const livedMs = 10_000
const patienceMs = 2_000

export type PagesProcess = {
  socketPath: string
  start(): void
  /** False while there is no process that answers. */
  isReady(): boolean
  /** Resolves when the process is ready for the first time. */
  ready: Promise<void>
  /** Ends the process and waits for it. It is killed when it takes longer than 2 s. */
  stop(): Promise<void>
}

type Options = {
  /** The compiled pages-main.ts. */
  file: string
  dev: boolean
  /** The hub's own address, which `next dev` reads. */
  hostname: string
  port: number
  /** Called each time the process has ended by itself or could not be created. */
  onEnd(words: string): void
}

/**
 * Makes the socket's folder; `start` starts the process. When the process ends or cannot be created, `onEnd` is called and
 * the process is started again: after 250 ms if it ran for 10 s, else after 500 ms, 1 s, 2 s and so on, at most 10 s.
 */
export function openPagesProcess({ file, onEnd, ...settings }: Options): PagesProcess {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-pages-'))
  const socketPath = path.join(folder, 'socket')
  let child: ChildProcess | undefined
  let answers = false
  let stopping = false
  let pauseMs = firstPauseMs
  let again: NodeJS.Timeout | undefined
  let sayReady = () => {}
  const ready = new Promise<void>((resolve) => {
    sayReady = resolve
  })

  const start = () => {
    const since = performance.now()
    const startAgain = (reason: string) => {
      answers = false
      child = undefined
      if (stopping) return
      pauseMs = performance.now() - since > livedMs ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs)
      onEnd(`The process of the pages ended (${reason}) and is started again in ${pauseMs} ms`)
      again = setTimeout(start, pauseMs)
    }
    try {
      const own = fork(file, [JSON.stringify({ socketPath, ...settings })], { execArgv: [] })
      child = own
      own.once('message', () => {
        answers = true
        sayReady()
      })
      own.once('exit', (code, signal) => startAgain(signal ?? `exit code ${code}`))
      // A process that was never created has no `pid` and no 'exit' event. Other errors do not end the process.
      own.on('error', (error) => own.pid === undefined && startAgain(error.message))
    } catch (error) {
      // Node throws some errors of the operating system, such as ENOMEM, instead of emitting them.
      startAgain((error as Error).message)
    }
  }

  return {
    socketPath,
    start,
    isReady: () => answers,
    ready,
    async stop() {
      stopping = true
      clearTimeout(again)
      if (child) await ended(child)
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The process exits when its channel closes. */
function ended(child: ChildProcess): Promise<void> {
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
