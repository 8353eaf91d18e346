import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { median, round } from './statistics'
import type { World } from './world'

/** The machine on which the figures were measured. Without it they mean nothing. */
export type Machine = {
  cores: number
  processor: string
  memoryGib: number
  node: string
  postgres: string
  /** PostgreSQL's settings that bear on the figures. */
  settings: Record<string, string>
  /** The commit of the tree, with `+` when files differ from it. */
  commit: string
  /** The median time in which this disk makes 8 KiB durable, for which every commit waits. */
  syncMs: number
  /** How many cores other programs used when the run began. */
  load: number
}

export function describeMachine({ version, settings }: Pick<World, 'version' | 'settings'>): Machine {
  return {
    cores: os.availableParallelism(),
    processor: os.cpus()[0]?.model ?? '',
    memoryGib: round(os.totalmem() / 2 ** 30),
    node: process.version,
    postgres: version,
    settings,
    commit: commit(),
    syncMs: round(measureSync(), 2),
    load: round(os.loadavg()[0] ?? 0, 2),
  }
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  try {
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', ':/lib', ':/bench') ? '+' : '')
  } catch {
    return 'unknown (no git)'
  }
}

/** Measured on the disk of the temporary folder, which also holds the database. */
function measureSync(): number {
  const file = path.join(os.tmpdir(), `hearback-bench-sync-${process.pid}`)
  const descriptor = fs.openSync(file, 'w')
  try {
    const times = Array.from({ length: 50 }, () => {
      const began = performance.now()
      fs.writeSync(descriptor, Buffer.alloc(8192), 0, 8192, 0)
      fs.fdatasyncSync(descriptor)
      return performance.now() - began
    })
    return median(times)
  } finally {
    fs.closeSync(descriptor)
    fs.rmSync(file)
  }
}

export function printMachine(machine: Machine): void {
  const { cores, processor, memoryGib, node, postgres, settings, commit, syncMs, load } = machine
  const set = Object.entries(settings).map(([name, value]) => `${name} ${value}`)
  console.log(
    `${cores} cores${processor ? ` (${processor})` : ''}, ${memoryGib} GiB, node ${node}, PostgreSQL ${postgres}, commit ` +
      `${commit}, a sync of the disk ${syncMs} ms, load ${load} at the start\nPostgreSQL: ${set.join(', ')}`,
  )
}
