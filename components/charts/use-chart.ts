import { useEffect, useRef, useState } from 'react'
import type { ChartSpan } from '@/lib/charts/chart-spans'
import type { Chart } from '@/lib/charts/read-chart'

const againMs = 60_000

/** `seen` is true from the moment the element at `place` first comes near the screen. */
export function useSeen() {
  const place = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && setSeen(true),
      { rootMargin: '200px' },
    )
    if (place.current) observer.observe(place.current)
    return () => observer.disconnect()
  }, [])
  return { place, seen }
}

/** The chart, read again every minute while the page is visible. The former one stays until another arrives. */
export function useChart(address: string, span: ChartSpan, seen: boolean) {
  const [state, setState] = useState<{ chart?: Chart; failed: boolean }>({ failed: false })
  useEffect(() => {
    if (!seen) return
    const leaving = new AbortController()
    const read = async () => {
      if (document.hidden) return
      const query = new URLSearchParams({ span, offset: String(-new Date().getTimezoneOffset()) })
      const chart = await fetch(`${address}?${query}`, {
        cache: 'no-store',
        redirect: 'manual',
        signal: leaving.signal,
      })
        .then((answer) => (answer.ok ? (answer.json() as Promise<Chart>) : undefined))
        .catch(() => undefined)
      if (!leaving.signal.aborted) setState((before) => ({ chart: chart ?? before.chart, failed: !chart }))
    }
    void read()
    const timer = setInterval(read, againMs)
    return () => {
      leaving.abort()
      clearInterval(timer)
    }
  }, [address, span, seen])
  return state
}
