import type { ReactNode } from 'react'
import { FocusedHeading } from './focused-heading'

type Props = {
  title: ReactNode
  /** One line that says what the page is for. */
  description?: ReactNode
  /** A link back, shown above the title. */
  back?: ReactNode
  /** The primary action of the page. */
  action?: ReactNode
  /** The title takes the focus when the page opens: for a form. */
  focused?: boolean
}

/** The title of a page with its description and primary action. */
export function PageHead({ title, description, back, action, focused = false }: Props) {
  const Heading = focused ? FocusedHeading : 'h1'
  return (
    <header className="flex flex-col gap-2">
      {back && <div className="text-sm">{back}</div>}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <Heading className="font-semibold text-xl [overflow-wrap:anywhere]">{title}</Heading>
          {description && <p className="max-w-prose text-muted">{description}</p>}
        </div>
        {action && <div className="flex flex-wrap gap-2">{action}</div>}
      </div>
    </header>
  )
}
