import { useEffect, useState } from 'react'
import type { RangeCount } from '@/lib/recovery/count-range'
import type { TimeRange } from './time-ranges'

/** What can be recovered of a range; `failed` when the hub did not answer. Undefined while it counts. */
export function useCount(shownId: string, range: TimeRange | undefined) {
  const [state, setState] = useState<{ of: string; count?: RangeCount; failed: boolean }>({ of: '', failed: false })
  const wanted = range && `${range.since} ${range.until}`
  useEffect(() => {
    if (!range || !wanted) return
    const leaving = new AbortController()
    const query = new URLSearchParams({
      webhook: shownId,
      since: String(range.since),
      until: String(range.until),
      offset: String(-new Date(range.since).getTimezoneOffset()),
    })
    fetch(`/settings/recover/count?${query}`, { cache: 'no-store', redirect: 'manual', signal: leaving.signal })
      .then((answer) => (answer.ok ? (answer.json() as Promise<RangeCount>) : undefined))
      .catch(() => undefined)
      .then((count) => leaving.signal.aborted || setState({ of: wanted, count, failed: !count }))
    return () => leaving.abort()
  }, [shownId, range, wanted])
  return state.of === wanted ? state : { count: undefined, failed: false }
}
