'use client'

import { lazy, Suspense, useState } from 'react'
import { type ChartSpan, chartSpans } from '@/lib/charts/chart-spans'
import { Card } from '../ui/card'
import { classNames } from '../ui/class-names'
import { Skeleton } from '../ui/skeleton'
import { spanWords } from './chart-words'
import { useChart, useSeen } from './use-chart'

const CallCharts = lazy(() => import('./call-charts').then(({ CallCharts }) => ({ default: CallCharts })))

/** A WebHook's calls, durations and waiting deliveries over time. Drawing code and data are loaded when it is seen. */
export function WebhookCharts({ address }: { address: string }) {
  const [span, setSpan] = useState<ChartSpan>('24h')
  const { place, seen } = useSeen()
  const { chart, failed } = useChart(address, span, seen)
  return (
    <Card title="Calls over time" action={<Spans chosen={span} onChoose={setSpan} />}>
      <div ref={place} aria-busy={seen && !failed && chart?.span !== span}>
        {chart ? (
          <Suspense fallback={<Skeleton className="h-[26rem]" />}>
            <CallCharts chart={chart} />
          </Suspense>
        ) : failed ? (
          <p className="text-muted">The charts could not be loaded. We try again within a minute.</p>
        ) : (
          <Skeleton className="h-[26rem]" />
        )}
      </div>
    </Card>
  )
}

const Spans = ({ chosen, onChoose }: { chosen: ChartSpan; onChoose: (span: ChartSpan) => void }) => (
  <fieldset className="flex rounded-control border border-control p-0.5">
    <legend className="sr-only">Time shown</legend>
    {chartSpans.map((span) => (
      <button
        key={span}
        type="button"
        aria-pressed={span === chosen}
        onClick={() => onChoose(span)}
        className={classNames(
          'min-h-7 rounded-[4px] px-2.5 font-medium text-sm transition-colors max-md:min-h-10',
          span === chosen ? 'bg-accent-fill text-accent-text' : 'text-muted hover:text-text',
        )}
      >
        {spanWords[span]}
      </button>
    ))}
  </fieldset>
)
