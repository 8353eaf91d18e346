import { type ReactNode, useId } from 'react'
import { classNames } from './class-names'

type Props = {
  title?: ReactNode
  description?: ReactNode
  /** Shown at the right of the title. */
  action?: ReactNode
  /** Shown below a divider: the buttons of a form. */
  footer?: ReactNode
  /** No padding, so that tables and code reach the edges. */
  flush?: boolean
  className?: string
  children?: ReactNode
}

/** A section of a page with a frame. */
export function Card({ title, description, action, footer, flush = false, className, children }: Props) {
  const id = useId()
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={classNames('flex min-w-0 flex-col rounded-card border border-border bg-raised', className)}
    >
      {title && (
        <div
          className={classNames(
            'flex flex-wrap justify-between gap-3 p-4',
            description ? 'items-start' : 'items-center',
            children && !flush ? 'pb-0' : '',
          )}
        >
          <div className="min-w-0 flex-1 basis-60">
            <h2 id={id} className="font-semibold text-base">
              {title}
            </h2>
            {description && <p className="max-w-prose text-pretty text-muted text-sm">{description}</p>}
          </div>
          {action}
        </div>
      )}
      {children && (
        <div
          className={classNames(
            'flex min-w-0 flex-col',
            flush ? 'border-border border-t first:border-t-0' : 'gap-4 p-4',
          )}
        >
          {children}
        </div>
      )}
      {footer && (
        <div className="flex flex-wrap items-center justify-end gap-3 border-border border-t px-4 py-3">{footer}</div>
      )}
    </section>
  )
}
