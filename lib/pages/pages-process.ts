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
  /** Called each time the process has ended by itself. */
  onEnd(words: string): void
}

/**
 * Makes the socket's folder; `start` starts the process. When the process ends, `onEnd` is told and it is started again:
 * after 250 ms if it had lived, else after 500 ms and then twice as long each time, up to 10 s.
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
    const own = fork(file, [JSON.stringify({ socketPath, ...settings })], { execArgv: [] })
    child = own
    own.once('message', () => {
      answers = true
      sayReady()
    })
    own.once('error', () => {})
    own.once('exit', (code, signal) => {
      answers = false
      child = undefined
      if (stopping) return
      pauseMs = performance.now() - since > livedMs ? firstPauseMs : Math.min(pauseMs * 2, longestPauseMs)
      onEnd(`The process of the pages ended (${signal ?? `exit code ${code}`}) and is started again in ${pauseMs} ms`)
      again = setTimeout(start, pauseMs)
    })
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
