import { Frown, type LucideIcon, Meh, Smile, Star } from 'lucide-react'
import type { Temperature } from '@/lib/webhooks/thermometer'
import { classNames } from '../../ui/class-names'

export const temperatureNames: Record<Temperature, string> = {
  gold: 'Gold',
  green: 'Green',
  yellow: 'Yellow',
  red: 'Red',
}

const looks: Record<Temperature, { icon: LucideIcon; className: string }> = {
  gold: { icon: Star, className: 'bg-gold' },
  green: { icon: Smile, className: 'bg-green' },
  yellow: { icon: Meh, className: 'bg-yellow' },
  red: { icon: Frown, className: 'bg-red' },
}

/** A temperature's colour and face; its name stands beside it. */
export function TemperatureSwatch({ temperature }: { temperature: Temperature }) {
  const { icon: Icon, className } = looks[temperature]
  return (
    <span aria-hidden className={classNames('grid size-5 shrink-0 place-items-center rounded-full', className)}>
      <Icon strokeWidth={2.25} className="size-3.5 text-ink" />
    </span>
  )
}
