'use client'

import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { Button } from './button'

type Props = {
  /** The element that opens the dialog. Leave it out when `open` is controlled. */
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  title: ReactNode
  description?: ReactNode
  children?: ReactNode
  /** The buttons, with the primary one last. */
  footer?: ReactNode
}

/** A dialog over the page. Use ConfirmDialog for what destroys. On phones it is at the bottom of the screen. */
export function Dialog({ trigger, open, onOpenChange, title, description, children, footer }: Props) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={backdropClasses} />
        <Base.Popup className={popupClasses}>
          <div className="flex items-start justify-between gap-4">
            <Base.Title className="min-w-0 pt-1 font-semibold text-lg [overflow-wrap:anywhere]">{title}</Base.Title>
            <Base.Close
              render={
                <Button variant="ghost" size="sm" icon={<X aria-hidden />} aria-label="Close" className="-mt-1 -mr-1" />
              }
            />
          </div>
          {description && <Base.Description className="text-muted">{description}</Base.Description>}
          {children}
          {footer && <div className={footerClasses}>{footer}</div>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}

export const backdropClasses =
  'fixed inset-0 z-40 bg-scrim transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0'

export const popupClasses =
  'fixed z-50 flex max-h-[calc(100dvh-2rem)] flex-col gap-4 overflow-y-auto border border-border bg-raised p-5 shadow-float transition-[opacity,translate] data-ending-style:opacity-0 data-starting-style:opacity-0 max-md:inset-x-0 max-md:bottom-0 max-md:rounded-t-card max-md:pb-[max(1.25rem,env(safe-area-inset-bottom))] max-md:data-starting-style:translate-y-2 md:top-1/2 md:left-1/2 md:w-[30rem] md:max-w-[calc(100vw-2rem)] md:-translate-x-1/2 md:-translate-y-1/2 md:rounded-card'

export const footerClasses = 'flex justify-end gap-2 pt-1 max-md:flex-col-reverse'
