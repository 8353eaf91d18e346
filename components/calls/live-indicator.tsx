import { classNames } from '../ui/class-names'
import type { LiveState } from './use-live-calls'

const words: Record<LiveState, string> = {
  live: 'Live',
  away: 'Not live: the hub does not answer. We keep trying.',
  'signed-out': 'Not live: you are signed out. Reload the page.',
}

/** Shows whether a list updates itself. */
export const LiveIndicator = ({ state }: { state: LiveState }) => (
  <p
    role="status"
    className={classNames('flex items-center gap-2 text-sm', state === 'live' ? 'text-muted' : 'text-warning')}
  >
    <span
      aria-hidden
      className={classNames('size-2 shrink-0 rounded-full', state === 'live' ? 'bg-success' : 'bg-warning')}
    />
    {words[state]}
  </p>
)
