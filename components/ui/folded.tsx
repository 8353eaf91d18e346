import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from './class-names'

type Props = { summary: string; open?: boolean; className?: string; children: ReactNode }

/** What is seldom needed, folded behind its name. It works without JavaScript. `className`: of the content. */
export const Folded = ({ summary, open, className, children }: Props) => (
  <details open={open} className="group">
    <summary className="flex w-fit cursor-pointer items-center gap-1.5 rounded-control font-medium max-md:min-h-11 [&::-webkit-details-marker]:hidden">
      <ChevronRight aria-hidden className="size-4 text-muted transition-transform group-open:rotate-90" />
      {summary}
    </summary>
    <div className={classNames('pt-3', className)}>{children}</div>
  </details>
)
