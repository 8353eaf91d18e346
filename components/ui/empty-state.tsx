import type { ReactNode } from 'react'

type Props = {
  icon: ReactNode
  title: ReactNode
  /** One sentence: what will be listed here. */
  children: ReactNode
  /** The button or link for the next step. */
  action?: ReactNode
  /** An example for developers, usually a CodeBlock. */
  developer?: ReactNode
}

/** Shown in place of an empty list. */
export function EmptyState({ icon, title, children, action, developer }: Props) {
  return (
    <div className="flex flex-col items-center gap-4 px-4 py-10 text-center">
      <span
        aria-hidden
        className="grid size-10 place-items-center rounded-card border border-border bg-sunken text-muted [&_svg]:size-5"
      >
        {icon}
      </span>
      <div className="flex max-w-md flex-col gap-1">
        <p className="font-medium">{title}</p>
        <p className="text-muted">{children}</p>
      </div>
      {action}
      {developer && <div className="w-full max-w-2xl text-left">{developer}</div>}
    </div>
  )
}
