import fs from 'node:fs'

// CPU time from /proc, in hundredths of a second. Systems other than Linux have no /proc, and every figure is NaN.

const ticksPerSecond = 100

type Times = { parent: number; own: number; reaped: number }

function timesOf(pid: number | string): Times | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The fields after the name, which may contain spaces: state, parent, …, utime, stime, cutime, cstime.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15)
    return { parent: fields[1] as number, own: user + system, reaped: childUser + childSystem }
  } catch {
    // The process ended between listing and reading.
    return undefined
  }
}

/** CPU seconds of one process. */
export const ownSeconds = (pid: number) => (timesOf(pid)?.own ?? Number.NaN) / ticksPerSecond

/** CPU time of a process and its children, ended ones included: PostgreSQL's backends and workers. */
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

/** CPU time that the whole machine used, and that the hypervisor took from it. */
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

/** How many cores the whole machine uses now, measured over a quarter of a second. */
export async function machineUse(): Promise<number> {
  const began = { at: performance.now(), seconds: machineSeconds() }
  await new Promise((done) => setTimeout(done, 250))
  return ((machineSeconds() - began.seconds) * 1000) / (performance.now() - began.at)
}

export type Cpu = {
  seconds: number
  /** CPU seconds of the measured process, and of its databases: PostgreSQL, and Redis where one uses it. */
  node: number
  database: number
  /** How many cores other programs used meanwhile: the noise. */
  others: number
}

/**
 * Starts measuring. Call the returned function at the end. `helpers`: processes of the benchmark that are not counted.
 * `stores`: further databases of the measured process.
 */
export function meterCpu(node: number, postmaster: number, helpers: number[], stores: number[] = []): () => Cpu {
  const sum = (pids: number[]) => pids.reduce((total, pid) => total + ownSeconds(pid), 0)
  const read = () => ({
    at: performance.now(),
    node: ownSeconds(node),
    database: treeSeconds(postmaster) + sum(stores),
    helpers: sum([...helpers, process.pid]),
    machine: machineSeconds(),
  })
  const began = read()
  return () => {
    const ended = read()
    const used = (key: 'node' | 'database' | 'helpers' | 'machine') => ended[key] - began[key]
    const seconds = (ended.at - began.at) / 1000
    const others = Math.max(0, used('machine') - used('node') - used('database') - used('helpers')) / seconds
    return { seconds, node: used('node'), database: used('database'), others }
  }
}

/** The ids of a process's children. */
export function childrenOf(pid: number): number[] {
  const found = fs.existsSync('/proc') ? fs.readdirSync('/proc') : []
  return found.filter((name) => /^\d+$/.test(name) && timesOf(name)?.parent === pid).map(Number)
}

/** Memory of a process in MB: the most that it has had (VmHWM), or what it has now (VmRSS); NaN where there is no /proc. */
export function memoryOf(pid: number, key: 'VmHWM' | 'VmRSS' = 'VmHWM'): number {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8')
    return (Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) * 1024) / 1e6
  } catch {
    return Number.NaN
  }
}
