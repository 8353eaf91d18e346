import { CircleAlert, Clock, TriangleAlert } from 'lucide-react'
import { healthWords } from '@/lib/webhooks/health-words'
import type { ShownHealth } from '@/lib/webhooks/webhook-health'
import { classNames } from '../ui/class-names'

const looks = {
  info: { icon: Clock, text: 'text-info' },
  warning: { icon: TriangleAlert, text: 'text-warning' },
  danger: { icon: CircleAlert, text: 'text-danger' },
}

/** A WebHook's health in a few words. Renders nothing when it is healthy. */
export function WebhookHealth({ health }: { health: ShownHealth | undefined }) {
  const told = health && healthWords(health)
  if (!told) return null
  const { icon: Icon, text } = looks[told.tone]
  return (
    <span className={classNames('flex items-start gap-1.5 text-sm', text)}>
      <Icon aria-hidden className="mt-[3px] size-3.5 shrink-0" />
      <span className="min-w-0">{told.words}</span>
    </span>
  )
}
