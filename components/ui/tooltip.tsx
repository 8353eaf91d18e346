'use client'

import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'

// One tooltip for the whole page, which moves to the element under the pointer: a list shows a hundred of these elements,
// and a tooltip of its own for each was a fifth of the time that the list took.

const handle = Base.createHandle<ReactNode>()

type Props = {
  content: ReactNode
  /** The element that the tooltip explains. */
  children: ReactElement
}

/** Text that shows on hover, and on focus where the element has it. The same must be available in another way. */
export function Tooltip({ content, children }: Props) {
  return <Base.Trigger handle={handle} payload={content} render={children} delay={300} />
}

/** Shows the tooltips of a page. Rendered once, by the root layout. */
export function PageTooltip() {
  return (
    <Base.Root handle={handle}>
      {({ payload }) => (
        <Base.Portal>
          <Base.Positioner sideOffset={6} className="z-50">
            <Base.Popup className="max-w-[min(32rem,calc(100vw-2rem))] rounded-control border border-border bg-raised px-2.5 py-1.5 text-sm text-text shadow-float transition-opacity [overflow-wrap:anywhere] data-ending-style:opacity-0 data-starting-style:opacity-0">
              {payload}
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      )}
    </Base.Root>
  )
}
