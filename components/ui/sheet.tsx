'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Button } from './button'
import { classNames } from './class-names'
import { backdropClasses } from './dialog'

type Props = {
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  /** The title for screen readers. Without it, the children have a SheetTitle. */
  label?: string
  side: 'left' | 'right'
  children: ReactNode
}

/** A panel at the side of the page, such as the navigation on phones. */
export function Sheet({ trigger, open, onOpenChange, label, side, children }: Props) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={backdropClasses} />
        <Base.Popup
          className={classNames(
            'fixed inset-y-0 z-50 flex max-w-[calc(100vw-3rem)] flex-col overflow-y-auto border-border bg-raised shadow-float transition-[opacity,translate] data-ending-style:opacity-0 data-starting-style:opacity-0',
            side === 'left'
              ? 'left-0 w-72 border-r data-ending-style:-translate-x-3 data-starting-style:-translate-x-3'
              : 'right-0 w-[56rem] border-l data-ending-style:translate-x-3 data-starting-style:translate-x-3',
          )}
        >
          {label && <Base.Title className="sr-only">{label}</Base.Title>}
          {children}
          <span className="absolute top-2 right-2">
            <Base.Close render={<Button variant="ghost" size="sm" icon={<X aria-hidden />} aria-label="Close" />} />
          </span>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

/** The visible title of a sheet. */
export const SheetTitle = ({ children }: { children: ReactNode }) => (
  <Base.Title className="min-w-0 font-semibold text-xl [overflow-wrap:anywhere]">{children}</Base.Title>
)
