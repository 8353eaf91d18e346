import type { ReactNode } from 'react'

/** The facts of a thing as terms and values, in one row on wide screens. */
export const Facts = ({ children }: { children: ReactNode }) => (
  <dl className="flex flex-wrap gap-x-8 gap-y-3 rounded-card border border-border bg-raised p-4">{children}</dl>
)

export const Fact = ({ term, children }: { term: string; children: ReactNode }) => (
  <div className="flex min-w-0 flex-col">
    <dt className="text-muted text-sm">{term}</dt>
    <dd className="min-w-0 tabular-nums [overflow-wrap:anywhere]">{children}</dd>
  </div>
)
