import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@/e2e/fixtures/processes/hub'
import type { Bench } from './bench'
import { type Figure, figure } from './statistics'
import { printTable, span } from './table'

// How long a hub is away after a kill: from its start until it answers an event with 202. The compiled hub is started as
// npm start starts it, on a database that is running, and killed by SIGKILL after its answer.

const rounds = 7

/** Milliseconds. `bare`: Node starting and ending an empty program, for comparison in the same run. */
export type StartFigures = { start: Figure; bare: Figure }

export async function measureStart({ world, waitForIdle }: Bench): Promise<StartFigures> {
  const starts: number[] = []
  const bare: number[] = []
  // The first start reads the compiled file from disk and makes what a database needs once.
  await startOnce(world.env, world.apiKeys[0] as string)
  for (let round = 0; round < rounds; round++) {
    await waitForIdle()
    bare.push(await startBare())
    starts.push(await startOnce(world.env, world.apiKeys[0] as string))
  }
  return { start: figure(starts), bare: figure(bare) }
}

async function startOnce(env: Record<string, string>, apiKey: string): Promise<number> {
  const port = await freePort()
  const began = performance.now()
  const hub = spawn(process.execPath, ['--max-semi-space-size=16', 'scripts/start.mjs', '--no-build'], {
    cwd: path.resolve(import.meta.dirname, '..'),
    stdio: 'ignore',
    env: { ...process.env, ...env, HOST: '127.0.0.1', PORT: String(port), HEARBACK_URL: `http://127.0.0.1:${port}` },
  })
  const exited = once(hub, 'exit')
  try {
    while (!(await accepts(port, apiKey))) {
      if (hub.exitCode !== null || performance.now() - began > 30_000) throw new Error('the hub did not start')
      await sleep(5)
    }
    return performance.now() - began
  } finally {
    hub.kill('SIGKILL')
    await exited
  }
}

/** Whether ingest answers an event with 202. */
async function accepts(port: number, apiKey: string): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'feedback.created', feedback: { id: 'start', comment: 'Back at once?' } }),
  }).catch(() => undefined)
  return answer?.status === 202
}

async function startBare(): Promise<number> {
  const began = performance.now()
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit')
  return performance.now() - began
}

export function printStart({ start, bare }: StartFigures) {
  printTable(
    'From the start of a killed hub to its first 202',
    ['', 'ms'],
    [
      ['the hub', span(start)],
      ['Node with an empty program', span(bare)],
    ],
  )
}
