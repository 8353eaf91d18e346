import type { ReactNode } from 'react'
import { Button } from './button'
import { LinkButton } from './link-button'

type Props = {
  /** Addresses of the pages before and after this one; undefined: there is none. */
  previous: string | undefined
  next: string | undefined
  labels?: { previous: string; next: string }
  /** Shown between the links: which part of the list this page is. */
  children?: ReactNode
}

/** Links to the other pages of a long list. Each page has its own address. */
export const Pagination = ({ previous, next, labels = { previous: 'Previous', next: 'Next' }, children }: Props) => (
  <nav
    aria-label="Pages"
    className="flex flex-wrap items-center justify-between gap-3 border-border border-t px-4 py-3 text-muted text-sm"
  >
    <span role="status" className="min-w-0 tabular-nums">
      {children}
    </span>
    <span className="ml-auto flex gap-2">
      <PageLink href={previous}>{labels.previous}</PageLink>
      <PageLink href={next}>{labels.next}</PageLink>
    </span>
  </nav>
)

const PageLink = ({ href, children }: { href: string | undefined; children: string }) =>
  href ? (
    <LinkButton size="sm" href={href}>
      {children}
    </LinkButton>
  ) : (
    <Button size="sm" disabled>
      {children}
    </Button>
  )
