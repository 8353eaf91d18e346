import type { ShownHealth } from './webhook-health'

export type HealthWords = { tone: 'warning' | 'danger' | 'info'; words: string }

/** The health of a webhook in a few words; undefined when it is healthy or a person switched it off. */
export function healthWords(health: ShownHealth): HealthWords | undefined {
  switch (health.kind) {
    case 'well':
    case 'off':
      return undefined
    case 'failing':
      return { tone: 'warning', words: `Failing for ${spanWords(health.forMs)}` }
    case 'probing':
      return { tone: 'warning', words: `Probing, failing for ${spanWords(health.forMs)}` }
    case 'ramping':
      return { tone: 'info', words: 'Well again, catching up' }
    case 'paused':
      return { tone: 'info', words: `Paused for ${spanWords(health.forMs)}, as it asked` }
    case 'turned-off':
      return {
        tone: 'danger',
        words: `Turned off by us: ${turnedOffWords[health.reason]}`,
      }
  }
}

const turnedOffWords = { gone: 'answered 410 Gone', asked: 'its endpoint asked for it', failing: 'failed for 5 days' }

/** "under a minute", "20 min", "3 h", "2 days". */
function spanWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return 'under a minute'
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`
}
