import type { ReactNode } from 'react'
import type { CallTimings, TimedPart } from '@/lib/calls/call-timings'
import { Card } from '../ui/card'
import { LocalTime } from '../ui/local-time'
import { spanWords, timingWords } from './call-words'

const connectionWords: Record<CallTimings['connection'], string> = {
  new: 'New',
  kept: 'Kept from an earlier call: no look-up, connect or TLS was needed',
  unknown: 'Not known',
}

/** Where the time of a call went, and the connection it was made on. */
export function TimingsPanel({ timings }: { timings: CallTimings }) {
  const { waited, parts, totalMs, connection, address, tlsVersion, certificateEndsAt } = timings
  return (
    <div className="flex flex-col gap-4">
      <Card title="Time">
        <dl className="flex flex-col gap-2">
          {waited && (
            <Line name="Waiting" words={spanWords(waited.ms)}>
              <span className="text-muted text-sm">
                {waited.since === 'event' ? 'since the event came in' : 'since the attempt before'}
              </span>
            </Line>
          )}
          {parts.map((part) => (
            <Line key={part.name} name={part.name} words={timingWords(part.ms)}>
              <Bar part={part} totalMs={totalMs} />
            </Line>
          ))}
          <Line name="Duration" words={timingWords(totalMs)} />
        </dl>
      </Card>
      <Card title="Connection">
        <dl className="grid gap-x-6 gap-y-1 md:grid-cols-[9rem_minmax(0,1fr)]">
          <Fact name="Connection">{connectionWords[connection]}</Fact>
          <Fact name="Address called">{address ? <code>{address}</code> : 'None was reached'}</Fact>
          {tlsVersion && <Fact name="TLS">{tlsVersion}</Fact>}
          {certificateEndsAt !== null && (
            <Fact name="Certificate ends">
              <LocalTime at={certificateEndsAt} show="both" />
            </Fact>
          )}
        </dl>
      </Card>
    </div>
  )
}

type LineProps = { name: string; words: string; children?: ReactNode }

const Line = ({ name, words, children }: LineProps) => (
  <div className="grid grid-cols-[7.5rem_minmax(0,1fr)_4.5rem] items-center gap-3 md:grid-cols-[12rem_minmax(0,1fr)_5rem]">
    <dt className="text-muted">{name}</dt>
    <dd className="min-w-0">{children}</dd>
    <dd className="text-right tabular-nums">{words}</dd>
  </div>
)

/** Where in the call a part lies. The number beside it says the same. */
const Bar = ({ part: { fromMs, ms }, totalMs }: { part: TimedPart; totalMs: number }) => (
  <span aria-hidden className="block h-2 rounded-full bg-sunken">
    <span
      className="block h-2 min-w-0.5 rounded-full bg-accent"
      style={{ marginLeft: `${Math.min(99, (100 * fromMs) / totalMs)}%`, width: `${(100 * ms) / totalMs}%` }}
    />
  </span>
)

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="contents">
    <dt className="text-muted">{name}</dt>
    <dd className="min-w-0 [overflow-wrap:anywhere] max-md:mb-2">{children}</dd>
  </div>
)
