import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'

/** A process whose stop runs `stop`; answers when it listens for signals. */
async function start(stop: string, graceMs?: number): Promise<ChildProcess> {
  const script = `import { onStopSignal } from ${JSON.stringify(path.resolve(import.meta.dirname, 'stop-signals.ts'))}
    setInterval(() => {}, 1000)
    onStopSignal(async () => { ${stop} }, { graceMs: ${graceMs} })
    console.log('listening')`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  return child
}

const wait = (ms: number) => `await new Promise((resolve) => setTimeout(resolve, ${ms}))`

/** The exit code after these signals, each sent `afterMs` the one before. */
async function exitCode(child: ChildProcess, ...signals: [afterMs: number, NodeJS.Signals][]): Promise<number> {
  const exited = once(child, 'exit')
  for (const [afterMs, signal] of signals) {
    await sleep(afterMs)
    child.kill(signal)
  }
  return (await exited)[0]
}

describe.concurrent('a process that is told to stop', () => {
  test('finishes its work and exits with 0', async () => {
    expect(await exitCode(await start(wait(200)), [0, 'SIGTERM'])).toBe(0)
  })

  test('takes the echo of a Ctrl-C that npm sends for the same one', async () => {
    expect(await exitCode(await start(wait(1_000)), [0, 'SIGINT'], [20, 'SIGINT'])).toBe(0)
  })

  test('exits with 1 at once when it is told again', async () => {
    expect(await exitCode(await start(wait(60_000)), [0, 'SIGTERM'], [700, 'SIGINT'])).toBe(1)
  })

  test('exits with 1 when its work outlasts the grace', async () => {
    const began = performance.now()
    expect(await exitCode(await start(wait(60_000), 700), [0, 'SIGTERM'])).toBe(1)
    expect(performance.now() - began).toBeLessThan(30_000)
  })

  test('exits with 1 when stopping fails', async () => {
    expect(await exitCode(await start(`throw new Error('a bug')`), [0, 'SIGTERM'])).toBe(1)
  })
})
