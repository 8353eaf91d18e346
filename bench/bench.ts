import path from 'node:path'
import { type Child, type Methods, startChild } from './child'
import { machineUse } from './cpu'
import type { LoadMethods } from './load'
import type { Plan } from './plan'
import type { ReceiverMethods } from './receiver'
import { openWorld, type World } from './world'

// What all measurements share: the world, the receiving process and the posting one. `close` ends everything it started.

const originCount = 100

export type Bench = {
  plan: Plan
  world: World
  origins: string[]
  receiver: Child<ReceiverMethods>
  load: Child<LoadMethods>
  /** Starts a process of the product, or of a peer. */
  startMeasured<M extends Methods>(file: string, env?: Record<string, string>): Promise<Child<M>>
  /** Ends what a part that failed has left running. */
  endMeasured(): Promise<void>
  /** Waits before a round until other programs use little of the machine, at most as long as the plan allows in all. */
  waitForIdle(): Promise<void>
  /** Seconds waited so far. */
  waited(): number
  close(): Promise<void>
}

/** How many cores other programs may use when a round begins. */
const idleUse = 0.2

export async function openBench(plan: Plan, profileDir: string | undefined): Promise<Bench> {
  const receiver = await startChild<ReceiverMethods>('receiver.ts')
  const origins = await receiver.call('open', originCount)
  const load = await startChild<LoadMethods>('load.ts')
  const world = await openWorld(origins)
  const measured = new Set<Child<Methods>>()
  let waited = 0
  const profile: Record<string, string> = profileDir ? { BENCH_PROFILE_DIR: path.resolve(profileDir) } : {}
  const endMeasured = async () => {
    await Promise.all([...measured].map((child) => child.end()))
    measured.clear()
  }
  return {
    plan,
    world,
    origins,
    receiver,
    load,
    async startMeasured(file, env) {
      const child = await startChild<never>(file, { ...world.env, ...profile, ...env })
      measured.add(child)
      return child
    },
    endMeasured,
    async waitForIdle() {
      const began = performance.now()
      const before = waited
      do waited = before + (performance.now() - began) / 1000
      while (waited < plan.patience && (await machineUse()) > idleUse)
    },
    waited: () => waited,
    async close() {
      await endMeasured()
      await Promise.all([receiver.end(), load.end()])
      await world.close()
    },
  }
}
