import http from 'node:http'
import type { Bench } from './bench'
import { hubWithHistory } from './histories'
import { pagePaths } from './page-paths'
import { quantile, round } from './statistics'
import { printTable, show } from './table'
import { signIn, startWholeHub, stopWholeHubs } from './whole-hub'

// Pages of the hub as npm start runs it, at the longest history of the plan: time to the first byte and to the last while
// nothing else happens, and while events come in at a steady rate and one of 100 receivers hangs. The frame of a page may
// leave before its content, so the first byte alone does not say when the content is there. The same load without readers
// shows what pages cost deliveries.

const connections = 128
const loadSeconds = 15

type Times = { p50: number; p95: number }
/** Milliseconds from the request to the first byte of the document and to its last. */
type PageTimes = { first: Times; last: Times }
export type PagesFigures = {
  calls: number
  rate: number
  pages: { path: string; status: number; alone: PageTimes; underLoad: PageTimes }[]
  /** Milliseconds from request to arrival, at the receivers that answer. */
  deliveries: { withoutReaders: Latency; withReaders: Latency }
  left: string[]
}
type Latency = { p50: number; p99: number }

export async function measurePages(bench: Bench): Promise<PagesFigures> {
  const { plan, load, receiver, origins } = bench
  const calls = Math.max(...plan.history.sizes)
  const database = await hubWithHistory(bench, calls)
  const hub = await startWholeHub(bench, database)
  const sender = database.senders[0] as (typeof database.senders)[number]
  const cookie = (await signIn(hub, database, sender)).map(({ name, value }) => `${name}=${value}`).join('; ')
  const { paths, left } = await pagePaths(database.pool, sender)
  const agent = new http.Agent({ keepAlive: true })
  const get = (path: string) => getPage(hub.url + path, cookie, agent)
  try {
    const statuses = new Map<string, number>()
    for (let i = 0; i < 3; i++) for (const path of paths) statuses.set(path, (await get(path)).status)
    const read = async (goesOn: (done: number) => boolean) => {
      const times = new Map<string, Got[]>(paths.map((path) => [path, []]))
      for (let done = 0; goesOn(done); done++)
        for (const path of paths) if (goesOn(done)) times.get(path)?.push(await get(path))
      return times
    }
    const alone = await read((done) => done < plan.pages.rounds)
    await load.call('aim', { port: Number(new URL(hub.url).port), apiKeys: database.apiKeys })
    await load.call('warmUp', plan.warmUpRequests / 4)
    await receiver.call('hang', origins.at(-1) as string)
    const withoutReaders = await underLoad(bench)
    let posting = true
    const loaded = read(() => posting)
    const withReaders = await underLoad(bench)
    posting = false
    const times = await loaded
    return {
      calls,
      rate: plan.pages.rate,
      pages: paths.map((path) => ({
        path,
        status: statuses.get(path) ?? 0,
        alone: timesOf(alone.get(path) ?? []),
        underLoad: timesOf(times.get(path) ?? []),
      })),
      deliveries: { withoutReaders, withReaders },
      left,
    }
  } finally {
    agent.destroy()
    await receiver.call('hang', undefined)
    await stopWholeHubs()
    await database.pool.query('delete from webhook_health; delete from queue')
  }
}

async function underLoad({ load, receiver, plan }: Bench): Promise<Latency> {
  await receiver.call('reset')
  const sent = await load.call('pace', connections, plan.pages.rate, loadSeconds)
  if (sent.refused > 0) throw new Error(`${sent.refused} events were refused`)
  await new Promise((done) => setTimeout(done, 2000))
  const { numbers, times } = await receiver.call('arrivedEvents')
  const latencies = times
    .map((at, i) => at - (sent.began[(numbers[i] as number) - sent.first] ?? Number.NaN))
    .filter((took) => !Number.isNaN(took))
  return { p50: round(quantile(latencies, 0.5), 2), p99: round(quantile(latencies, 0.99), 2) }
}

type Got = { status: number; first: number; last: number }

function getPage(url: string, cookie: string, agent: http.Agent): Promise<Got> {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const request = http.get(url, { agent, headers: { cookie, accept: 'text/html' } }, (answer) => {
      const first = performance.now() - began
      answer
        .resume()
        .on('end', () => resolve({ status: answer.statusCode ?? 0, first, last: performance.now() - began }))
    })
    request.on('error', reject)
  })
}

function timesOf(got: Got[]): PageTimes {
  const of = (times: number[]) => ({ p50: round(quantile(times, 0.5), 1), p95: round(quantile(times, 0.95), 1) })
  return { first: of(got.map(({ first }) => first)), last: of(got.map(({ last }) => last)) }
}

export function printPages({ calls, rate, pages, deliveries, left }: PagesFigures) {
  const { withoutReaders, withReaders } = deliveries
  const shown = ({ first, last }: PageTimes) => [first.p50, first.p95, last.p50, last.p95].map(show)
  printTable(
    `Pages at ${show(calls)} calls: ms to the first byte and to the last, alone and under ${rate} events/s with one of 100 receivers hanging`,
    ['', 'status', 'alone: first p50', 'p95', 'last p50', 'p95', 'under load: first p50', 'p95', 'last p50', 'p95'],
    pages.map(({ path, status, alone, underLoad }) => [path, String(status), ...shown(alone), ...shown(underLoad)]),
    [
      `request → arrival at the other 99, without readers: p50 ${show(withoutReaders.p50)}, p99 ${show(withoutReaders.p99)} ms`,
      `with a reader of pages: p50 ${show(withReaders.p50)}, p99 ${show(withReaders.p99)} ms`,
      ...left.map((route) => `not measured: ${route}`),
    ],
  )
}
