import { longHoldMs } from '../pipeline/health/long-hold'
import type { NextCall } from '../pipeline/queue/next-call'
import type { ShownState } from './shown-state'

// The state of a webhook, and what its calls wait for, in words. Pure.

const turnedOffWords = { gone: 'answered 410 Gone', asked: 'its endpoint asked for it', failing: 'failed for 5 days' }

export type StateTone = 'success' | 'warning' | 'danger' | 'info' | 'neutral'

/** The state in one or two words, and its tone. */
export function stateWords({ kind, next, reason }: Pick<ShownState, 'kind' | 'next' | 'reason'>): {
  words: string
  tone: StateTone
} {
  switch (kind) {
    case 'on':
      if (next?.kind === 'ramp') return { words: 'Catching up', tone: 'info' }
      return next?.kind === 'pause' ? { words: 'Paused', tone: 'info' } : { words: 'On', tone: 'success' }
    case 'held':
      return { words: 'Held', tone: 'info' }
    case 'retrying':
      return { words: 'Retrying', tone: 'warning' }
    case 'probing':
      return { words: 'Probing', tone: 'warning' }
    case 'turned-off':
      return {
        words: `Turned off by us: ${turnedOffWords[reason ?? 'failing']}`,
        tone: 'danger',
      }
    case 'off':
      return { words: 'Off', tone: 'neutral' }
  }
}

/** What a waiting delivery waits for, up to its time: "Waits for the next probe, " or, without a time, a whole sentence. */
export function nextWords(next: NextCall): { words: string; at: number | null } {
  switch (next.kind) {
    case 'schedule':
      return { words: 'Waits for its next attempt', at: next.at }
    case 'probe':
      return { words: 'Waits for the next probe', at: next.at }
    case 'pause':
      return { words: 'Waits for the pause that the endpoint asked for', at: next.at }
    case 'permit':
      return { words: 'Waits for its turn under the rate limit', at: next.at }
    case 'release':
      return next.at === null
        ? { words: 'Waits until somebody releases the WebHook', at: null }
        : { words: 'Waits for the end of the hold', at: next.at }
    case 'ramp':
      return { words: 'Waits for its turn: the WebHook is catching up, more each second', at: null }
    case 'now':
      return { words: 'Is called now', at: null }
    case 'under-way':
      return { words: 'Is being called', at: null }
  }
}

/** Whether a hold has lasted so long that it is warned of. `now` in Unix milliseconds. */
export const isLongHold = ({ kind, since }: Pick<ShownState, 'kind' | 'since'>, now: number): boolean =>
  kind === 'held' && now - since > longHoldMs
