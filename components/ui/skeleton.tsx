import { classNames } from './class-names'

/** Holds the place of what is coming, in its size. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden className={classNames('animate-pulse rounded-control bg-sunken', className)} />
)

/** Says once, to screen readers, that a page is loading. */
export const Loading = ({ children }: { children: React.ReactNode }) => (
  <div role="status" className="flex flex-col gap-6">
    <span className="sr-only">Loading…</span>
    {children}
  </div>
)
