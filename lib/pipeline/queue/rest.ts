import type { Throttle } from './claimed-row'

/** Why a webhook's rows are not called, whatever their due time. */
export type Rest = 'held' | 'probing' | 'paused'

/** Why a webhook rests, the strongest reason first; undefined: its rows are called when they are due. Pure. */
export function restOf({
  held,
  health_state,
  paused_ms,
}: Pick<Throttle, 'health_state' | 'paused_ms'> & Partial<Pick<Throttle, 'held'>>): Rest | undefined {
  if (held) return 'held'
  if (health_state === 'probing') return 'probing'
  return paused_ms !== null && paused_ms > 0 ? 'paused' : undefined
}
