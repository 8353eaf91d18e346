import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anyHistory, webhooksInAll } from '../fixtures/model/queue-history'
import { QueueRun } from '../fixtures/model/queue-run'
import { openWorld, type World } from '../fixtures/model/queue-world'
import { inTimeOf } from '../fixtures/model/virtual-time'

// Random histories of the queue, on the SQL that the hub runs and on PostgreSQL: drainers claim, die, stand still and come
// back, receivers answer as they like, people switch, delete, edit and recover, days pass. After each step the database says
// what queue-model.ts says; in the end every delivery has ended, once. A run holds the histories of eight webhooks: drainers
// and time are theirs together, all else happens to each alone.
//   HEARBACK_MODEL_HISTORIES=10000                how many, as `npm run model` does; 400 run in `npm test`, beside the other checks
//   HEARBACK_MODEL_SEED=… HEARBACK_MODEL_PATH=…   does the one run again that a failure printed

const histories = Number(process.env.HEARBACK_MODEL_HISTORIES ?? 400)
/** Runs at a time, each in a database of its own. */
const worldsAtOnce = 4
const { HEARBACK_MODEL_SEED: seed, HEARBACK_MODEL_PATH: path } = process.env

let worlds: World[]
beforeAll(async () => {
  worlds = await Promise.all(Array.from({ length: path ? 1 : worldsAtOnce }, openWorld))
}, 60_000)
afterAll(() => Promise.all(worlds.map((world) => world.close())))

test(`${histories} histories: each delivery ends once, attempts have no gap and keep their limit, a crash uses up no retry, nothing is called after cancel`, async () => {
  const began = performance.now()
  let runs = 0
  await Promise.all(
    worlds.map((world) =>
      fc.assert(
        fc.asyncProperty(anyHistory, (history) => {
          runs++
          return inTimeOf(world.clock, async () => (await QueueRun.begin(world, history.webhooks)).run(history))
        }),
        { numRuns: Math.ceil(histories / webhooksInAll / worlds.length), seed: seed ? Number(seed) : undefined, path },
      ),
    ),
  )
  const ms = performance.now() - began
  const held = runs * webhooksInAll
  console.log(`${held} histories in ${(ms / 1000).toFixed(0)} s, ${(ms / held).toFixed(1)} ms each`)
  expect(held).toBeGreaterThanOrEqual(path ? 1 : histories)
}, 1_800_000)
