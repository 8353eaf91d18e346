import { CircleAlert, CircleCheck, CirclePause, CirclePower, Clock, TriangleAlert } from 'lucide-react'
import type { ShownState } from '@/lib/webhooks/shown-state'
import { stateWords } from '@/lib/webhooks/state-words'
import { Pill } from '../ui/badge'

const icons = {
  on: CircleCheck,
  held: CirclePause,
  retrying: TriangleAlert,
  probing: TriangleAlert,
  'turned-off': CircleAlert,
  off: CirclePower,
} as const

/** The state of a WebHook in a word or two. */
export function StatePill({ state }: { state: ShownState }) {
  const { words, tone } = stateWords(state)
  const Icon = tone === 'info' && state.kind === 'on' ? Clock : icons[state.kind]
  return (
    <Pill tone={tone} icon={<Icon aria-hidden />} title={words}>
      {words}
    </Pill>
  )
}
