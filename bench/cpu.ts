import fs from 'node:fs'

// CPU time as Linux counts it, in hundredths of a second. Elsewhere there is no /proc, and every figure is NaN.

const ticksPerSecond = 100

type Times = { parent: number; own: number; reaped: number }

function timesOf(pid: number | string): Times | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    // After the name, which may hold spaces: state, parent, …, utime, stime, cutime, cstime.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15)
    return { parent: fields[1] as number, own: user + system, reaped: childUser + childSystem }
  } catch {
    // Ended between listing and reading.
    return undefined
  }
}

const ownSeconds = (pid: number) => (timesOf(pid)?.own ?? Number.NaN) / ticksPerSecond

/** A process and its children, those that ended included: PostgreSQL's backends and workers. */
function treeSeconds(pid: number): number {
  const root = timesOf(pid)
  if (!root) return Number.NaN
  let ticks = root.own + root.reaped
  for (const name of fs.readdirSync('/proc')) {
    const times = /^\d+$/.test(name) ? timesOf(name) : undefined
    if (times?.parent === pid) ticks += times.own
  }
  return ticks / ticksPerSecond
}

/** What the whole machine was busy with, and what the hypervisor took away from it. */
function machineSeconds(): number {
  try {
    const [line = ''] = fs.readFileSync('/proc/stat', 'utf8').split('\n')
    const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
      .trim()
      .split(/\s+/)
      .slice(1)
      .map(Number)
    return (user + nice + system + irq + softirq + steal) / ticksPerSecond
  } catch {
    return Number.NaN
  }
}

/** Cores' worth that the whole machine uses just now, over a quarter of a second. */
export async function machineUse(): Promise<number> {
  const began = { at: performance.now(), seconds: machineSeconds() }
  await new Promise((done) => setTimeout(done, 250))
  return ((machineSeconds() - began.seconds) * 1000) / (performance.now() - began.at)
}

export type Cpu = {
  seconds: number
  /** CPU seconds of the process that is measured, and of PostgreSQL. */
  node: number
  postgres: number
  /** Cores' worth that processes outside the benchmark used meanwhile: the noise. */
  others: number
}

/** Starts measuring; call what it answers at the end. `helpers`: processes of ours that are not counted. */
export function meterCpu(node: number, postmaster: number, helpers: number[]): () => Cpu {
  const read = () => ({
    at: performance.now(),
    node: ownSeconds(node),
    postgres: treeSeconds(postmaster),
    helpers: [...helpers, process.pid].reduce((sum, pid) => sum + ownSeconds(pid), 0),
    machine: machineSeconds(),
  })
  const began = read()
  return () => {
    const ended = read()
    const used = (key: 'node' | 'postgres' | 'helpers' | 'machine') => ended[key] - began[key]
    const seconds = (ended.at - began.at) / 1000
    const others = Math.max(0, used('machine') - used('node') - used('postgres') - used('helpers')) / seconds
    return { seconds, node: used('node'), postgres: used('postgres'), others }
  }
}
