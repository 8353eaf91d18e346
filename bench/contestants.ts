import type { Bench } from './bench'
import type { Child } from './child'
import type { HubMethods } from './hub'
import { emptyHistory, type HubDatabase } from './hub-database'
import { openSubject, renderedBody } from './open-subject'

// What takes events over HTTP and delivers them: the product, and subjects behind a bare handler.

export const product = 'hearback'
const inFlight = 200

export type Contestant = {
  name: string
  settings: string
  pid: number
  stores: number[]
  port: number
  apiKeys: string[]
  /** Starts and stops the deliveries. Events are taken in always. */
  start(): Promise<void>
  stop(): Promise<void>
  /** Deletes what is queued and recorded. */
  empty(): Promise<void>
  vacuum(): Promise<void>
  /** How many jobs an event has from now on. Of the product its account decides that. */
  widen?(width: number): Promise<void>
  startProfile?(): Promise<void>
  endProfile?(name: string): Promise<void>
  end(): Promise<void>
}

/** The product, then the subjects `beside` it. */
export async function openContestants(bench: Bench, beside: string[]): Promise<Contestant[]> {
  const contestants: Contestant[] = [await openProduct(bench)]
  const body = beside.length > 0 ? await renderedBody(bench) : ''
  for (const name of beside) contestants.push(await openOther(bench, name, body))
  return contestants
}

/** `database`: that of the hub; the world's when there is none. */
export async function openProduct(
  { startMeasured, world }: Bench,
  database: HubDatabase = world,
): Promise<Contestant & { hub: Child<HubMethods> }> {
  const hub = await startMeasured<HubMethods>('hub.ts', database.env)
  return {
    hub,
    name: product,
    settings: 'defaults',
    pid: hub.pid,
    stores: [],
    port: await hub.call('open'),
    apiKeys: database.apiKeys,
    start: () => hub.call('startDrain'),
    stop: () => hub.call('stopDrain'),
    empty: () => emptyHistory(database.pool),
    async vacuum() {
      await database.pool.query('vacuum analyze queue, payloads, deliveries, events, feedback, ingest_keys')
    },
    startProfile: () => hub.call('startProfile'),
    endProfile: (name) => hub.call('endProfile', name),
    end: () => hub.end(),
  }
}

async function openOther(bench: Bench, name: string, body: string): Promise<Contestant> {
  const { process, settings, stores } = await openSubject(bench, name, { inFlight, body })
  return {
    name,
    settings,
    pid: process.pid,
    stores,
    port: await process.call('listen'),
    apiKeys: ['none'],
    start: () => process.call('start'),
    stop: () => process.call('stop'),
    empty: () => process.call('prepare', 0),
    vacuum: () => process.call('vacuum'),
    widen: (width) => process.call('widen', width),
    end: () => process.end(),
  }
}

/** Points the load generator at one. */
export const aimAt = ({ load }: Bench, { port, apiKeys }: Contestant): Promise<void> =>
  load.call('aim', { port, apiKeys })
