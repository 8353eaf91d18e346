import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names'

const looks = {
  info: { icon: Info, className: 'border-info-border bg-info-fill', text: 'text-info' },
  success: { icon: CircleCheck, className: 'border-success-border bg-success-fill', text: 'text-success' },
  warning: { icon: TriangleAlert, className: 'border-warning-border bg-warning-fill', text: 'text-warning' },
  danger: { icon: CircleAlert, className: 'border-danger-border bg-danger-fill', text: 'text-danger' },
}

type Props = {
  tone?: keyof typeof looks
  title?: ReactNode
  children?: ReactNode
  action?: ReactNode
  /** "alert" when it appears as a result of what the person just did. */
  role?: 'alert' | 'status'
}

/** A message within a page: what happened, why and what to do next. */
export function Callout({ tone = 'info', title, children, action, role }: Props) {
  const { icon: Icon, className, text } = looks[tone]
  return (
    <div role={role} className={classNames('flex gap-3 rounded-card border p-3', className)}>
      <Icon aria-hidden className={classNames('mt-0.5 size-4 shrink-0', text)} />
      <div className="flex min-w-0 flex-1 flex-col gap-1 [overflow-wrap:anywhere]">
        {title && <p className={classNames('font-medium', text)}>{title}</p>}
        {children && <div className="flex flex-col gap-2">{children}</div>}
        {action && <div className="mt-1 flex flex-wrap gap-2">{action}</div>}
      </div>
    </div>
  )
}
