import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { compile } from './compile'

// Processes of the benchmark, and calls to them over Node's IPC channel. Such a process ends when the process that started
// it ends, for whatever reason.

/** The methods of a process. Arguments and results are structured clones, so they may be maps and typed arrays. */
export type Methods = Record<string, (...args: never[]) => unknown>

export type Child<M extends Methods> = {
  pid: number
  call<K extends keyof M & string>(method: K, ...args: Parameters<M[K]>): Promise<Awaited<ReturnType<M[K]>>>
  /** Ends it, after 5 s with SIGKILL. */
  end(): Promise<void>
}

type Question = { id: number; method: string; args: never[] }
type Answer = { id: number; value?: unknown; error?: string }

/** Starts `file` (relative to bench/), which calls `serve`. */
export async function startChild<M extends Methods>(file: string, env: Record<string, string> = {}): Promise<Child<M>> {
  const child = fork(await compile(file), {
    // As npm start runs the product. Peers run with the same flags.
    execArgv: ['--max-semi-space-size=16'],
    env: { ...process.env, ...env },
    serialization: 'advanced',
  })
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  let asked = 0
  child.on('message', ({ id, value, error }: Answer) => {
    const call = waiting.get(id)
    waiting.delete(id)
    if (error) call?.reject(new Error(error))
    else call?.resolve(value)
  })
  child.once('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended: ${signal ?? code}`))
    waiting.clear()
  })
  const call = (method: string, ...args: unknown[]) =>
    new Promise<never>((resolve, reject) => {
      if (!child.connected) return reject(new Error(`${file} has ended`))
      waiting.set(asked, { resolve: resolve as never, reject })
      child.send({ id: asked++, method, args })
    })
  await call('ready')
  return { pid: child.pid as number, call, end: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  if (child.connected) child.disconnect()
  const force = setTimeout(() => child.kill('SIGKILL'), 5000)
  await exited
  clearTimeout(force)
}

/** Answers the calls of the process that started this one. */
export function serve(methods: Methods): void {
  const all: Methods = { ...methods, ready: () => {} }
  process.on('message', async ({ id, method, args }: Question) => {
    const answer: Answer = { id }
    try {
      answer.value = await all[method]?.(...args)
    } catch (error) {
      answer.error = (error as Error).stack ?? String(error)
    }
    process.send?.(answer)
  })
  process.on('disconnect', () => process.exit())
  // Ctrl-C reaches the whole process group. The runner ends this process in its own order.
  process.on('SIGINT', () => {})
}
