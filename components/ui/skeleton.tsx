import { classNames } from './class-names'

/** A placeholder with the size of the content that is loading. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden className={classNames('animate-pulse rounded-control bg-sunken', className)} />
)

/** Announces once to screen readers that the page is loading. */
export const Loading = ({ children }: { children: React.ReactNode }) => (
  <div role="status" className="flex flex-col gap-6">
    <span className="sr-only">Loading…</span>
    {children}
  </div>
)
