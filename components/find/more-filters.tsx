import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

type Props = { /** How many of them are set: then they are unfolded. */ set: number; children: ReactNode }

/** Filters that are seldom used, folded. */
export const MoreFilters = ({ set, children }: Props) => (
  <details open={set > 0} className="group">
    <summary className="flex w-fit items-center gap-1.5 rounded-control font-medium max-md:min-h-11 [&::-webkit-details-marker]:hidden">
      <ChevronRight aria-hidden className="size-4 text-muted transition-transform group-open:rotate-90" />
      More filters
    </summary>
    <div className="grid gap-4 pt-3 sm:grid-cols-2 md:grid-cols-3">{children}</div>
  </details>
)
