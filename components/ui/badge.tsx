import { Ban, CircleAlert, CircleCheck, Clock, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names'

export type Tone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger' | 'info'

const tones: Record<Tone, string> = {
  neutral: 'border-border bg-sunken text-text',
  accent: 'border-accent-border bg-accent-fill text-accent-text',
  success: 'border-success-border bg-success-fill text-success',
  warning: 'border-warning-border bg-warning-fill text-warning',
  danger: 'border-danger-border bg-danger-fill text-danger',
  info: 'border-info-border bg-info-fill text-info',
}

/** A small word beside a name: "Test", "Archived". */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={classNames('pill px-2 py-px font-medium', tones[tone])}>{children}</span>
}

const icons = {
  success: CircleCheck,
  warning: TriangleAlert,
  danger: CircleAlert,
  info: Clock,
  neutral: Ban,
  accent: Info,
} satisfies Record<Tone, unknown>

type PillProps = {
  tone: Tone /** Default: the icon of the tone. */
  icon?: ReactNode
  title?: string
  children: ReactNode
}

/** A state as icon, short words and colour: success, danger, warning, info (waiting) or neutral (cancelled). */
export function Pill({ tone, icon, title, children }: PillProps) {
  const Icon = icons[tone]
  return (
    <span
      title={title}
      className={classNames(
        'pill h-6 gap-1.5 pr-2.5 pl-1.5 font-medium tabular-nums [&_svg]:size-3.5 [&_svg]:shrink-0',
        tones[tone],
      )}
    >
      {icon ?? <Icon aria-hidden />}
      <span className="truncate">{children}</span>
    </span>
  )
}
