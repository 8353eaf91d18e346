import type { ReactNode } from 'react'

type Props = { icon: ReactNode; title: string; children: ReactNode; action?: ReactNode }

/** A page with one message: what happened, why and what to do next. */
export function MessagePage({ icon, title, children, action }: Props) {
  return (
    <div className="mx-auto flex w-full max-w-md flex-col items-start gap-4 py-10 md:py-20">
      <span
        aria-hidden
        className="grid size-10 place-items-center rounded-card border border-border bg-raised text-muted [&_svg]:size-5"
      >
        {icon}
      </span>
      <h1 className="font-semibold text-xl">{title}</h1>
      <div className="flex flex-col gap-3 text-muted">{children}</div>
      {action && <div className="flex flex-wrap gap-2">{action}</div>}
    </div>
  )
}
