import type { Machine } from './machine'
import type { DeliveryFigures } from './measure-deliveries'
import type { FairnessFigures } from './measure-fairness'
import type { IngestFigures } from './measure-ingest'
import type { LatencyFigures } from './measure-latency'
import type { PauseFigures } from './measure-pauses'
import type { StartFigures } from './measure-start'
import type { Figure } from './statistics'

// Prints the tables. A cell is the median of the rounds, followed by the minimum and maximum where they matter.

const number = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 3 })
const show = (value: number) => (Number.isNaN(value) ? '–' : number.format(value))
const mid = ({ median }: Figure) => show(median)
const span = ({ median, min, max }: Figure) => `${show(median)} (${show(min)}–${show(max)})`

function printTable(title: string, head: string[], rows: string[][]) {
  const widths = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (row: string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')
  console.log(`\n${title}\n${[head, ...rows].map((row) => `  ${line(row).trimEnd()}`).join('\n')}`)
}

export function printMachine(machine: Machine) {
  const { cores, processor, memoryGib, node, postgres, commit, syncMs, load } = machine
  console.log(
    `${cores} cores${processor ? ` (${processor})` : ''}, ${memoryGib} GiB, node ${node}, PostgreSQL ${postgres} (fsync on, ` +
      `${syncMs} ms), commit ${commit}, load ${load} at the start`,
  )
}

export function printDeliveries({ inFlight, bodyBytes, subjects }: DeliveryFigures) {
  printTable(
    `Deliveries from a full queue: 100 origins, ${inFlight} in flight, signed bodies of ${bodyBytes} bytes`,
    ['', 'deliveries/s', 'over the ceiling', 'by CPU', 'node µs', 'PostgreSQL µs', 'others, cores'],
    Object.entries(subjects).map(([name, { perSecond, ratio, cpuRatio, nodeMicros, postgresMicros, others }]) => [
      name,
      span(perSecond),
      span(ratio),
      span(cpuRatio),
      mid(nodeMicros),
      mid(postgresMicros),
      mid(others),
    ]),
  )
}

export function printLatency(rows: LatencyFigures[]) {
  printTable(
    'From commit to arrival, ms (one process takes in and delivers)',
    ['events/s', 'reached', 'p50', 'p95', 'p99', 'max', '202 p50', '202 p99', 'node, cores', 'others, cores'],
    rows.map(({ wanted, rate, p50, p95, p99, max, answerP50, answerP99, nodeShare, others }) => [
      show(wanted),
      mid(rate),
      span(p50),
      span(p95),
      span(p99),
      mid(max),
      mid(answerP50),
      mid(answerP99),
      mid(nodeShare),
      mid(others),
    ]),
  )
}

export function printIngest(rows: IngestFigures[]) {
  printTable(
    'Ingest over HTTP, 202 after commit (the drain off)',
    [
      'events a request',
      'requests/s',
      'events/s',
      '202 p50 ms',
      '202 p99 ms',
      'node µs',
      'PostgreSQL µs',
      'others, cores',
    ],
    rows.map(({ eventsPerRequest, connections, requests, events, p50, p99, nodeMicros, postgresMicros, others }) => [
      `${show(eventsPerRequest)} (${connections} connections)`,
      span(requests),
      span(events),
      mid(p50),
      mid(p99),
      mid(nodeMicros),
      mid(postgresMicros),
      mid(others),
    ]),
  )
}

export function printFairness({ rate, inFlight, control, hanging, throughputRatio, p99Ratio }: FairnessFigures) {
  const row = (name: string, { perSecond, p50, p99, hung, others }: FairnessFigures['control']) => [
    name,
    span(perSecond),
    mid(p50),
    span(p99),
    mid(hung),
    mid(others),
  ]
  printTable(
    `The other 99 while 1 of 100 receivers hangs for its whole timeout: a full queue (${inFlight} in flight), then ${rate} events/s`,
    ['', 'deliveries/s', 'p50 ms', 'p99 ms', 'calls that hung', 'others, cores'],
    [
      row('none hangs', control),
      row('one hangs', hanging),
      ['ratio', span(throughputRatio), '', span(p99Ratio), '', ''],
    ],
  )
}

export function printPauses(rows: PauseFigures[]) {
  printTable(
    'Longest pause of the event loop, by body sent to ingest',
    ['', 'MiB', 'answer', 'ms'],
    [...rows]
      .sort((a, b) => b.pauseMs - a.pauseMs)
      .map(({ name, mebibytes, status, pauseMs }) => [
        name,
        show(Math.round(mebibytes * 10) / 10),
        `${status ?? 'closed'}`,
        show(Math.round(pauseMs)),
      ]),
  )
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
