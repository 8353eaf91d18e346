'use client'

import { ChevronDown, SlidersHorizontal } from 'lucide-react'
import { type ReactNode, useId, useState } from 'react'
import { Button } from '../ui/button'
import { classNames } from '../ui/class-names'

type Props = {
  /** How many of them are in force. */
  set: number
  children: ReactNode
}

/** The filters of a list. On a phone they are folded behind one button, so that the list begins on the first screen. */
export function FoldedFilters({ set, children }: Props) {
  const [open, setOpen] = useState(false)
  const id = useId()
  return (
    <>
      <Button
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        icon={<SlidersHorizontal aria-hidden />}
        className="w-fit md:hidden"
      >
        <span className="flex items-center gap-2">
          {set > 0 ? `Filters: ${set} in force` : 'Filters'}
          <ChevronDown aria-hidden className={classNames('text-muted transition-transform', open && 'rotate-180')} />
        </span>
      </Button>
      <div id={id} className={classNames('flex flex-col gap-3', !open && 'max-md:hidden')}>
        {children}
      </div>
    </>
  )
}
