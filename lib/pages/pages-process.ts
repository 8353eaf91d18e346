import { fork } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { keepChild } from '../processes/kept-child'

// Starts the process that renders the pages (pages-main.ts), and starts it again when it dies. It answers on a Unix
// socket in a folder that only this user can read.

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
 * it is started again, as `keepChild` says.
 */
export function openPagesProcess({ file, onEnd, ...settings }: Options): PagesProcess {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'hearback-pages-'))
  const socketPath = path.join(folder, 'socket')
  let answers = false
  let sayReady = () => {}
  const ready = new Promise<void>((resolve) => {
    sayReady = resolve
  })
  const child = keepChild({
    create() {
      const own = fork(file, [JSON.stringify({ socketPath, ...settings })], { execArgv: [] })
      own.once('message', () => {
        answers = true
        sayReady()
      })
      return own
    },
    patienceMs,
    onEnd(reason, pauseMs) {
      answers = false
      onEnd(`The process of the pages ended (${reason}) and is started again in ${pauseMs} ms`)
    },
  })
  return {
    socketPath,
    start: child.start,
    isReady: () => answers,
    ready,
    async stop() {
      await child.stop()
      answers = false
      fs.rmSync(folder, { recursive: true, force: true })
    },
  }
}
