'use client'

import { Toaster as Sonner } from 'sonner'

export { toast } from 'sonner'

/**
 * Shows toasts. `toast.success('Saved.')` says what was done; pass `action: { label: 'Undo', onClick }` where it can be
 * undone.
 */
export function Toaster() {
  return (
    <Sonner
      theme="system"
      position="bottom-right"
      duration={6000}
      style={{ fontFamily: 'inherit' }}
      containerAriaLabel="Notices"
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-start gap-2.5 rounded-card border border-border bg-raised p-3 text-base text-text shadow-float md:w-[22rem]',
          content: 'flex min-w-0 flex-1 flex-col gap-0.5',
          title: 'font-medium',
          description: 'text-muted text-sm',
          icon: 'mt-0.5 shrink-0',
          success: '[&_[data-icon]]:text-success',
          error: '[&_[data-icon]]:text-danger',
          warning: '[&_[data-icon]]:text-warning',
          info: '[&_[data-icon]]:text-info',
          actionButton:
            'shrink-0 rounded-control border border-control px-2.5 py-0.5 font-medium text-sm hover:bg-sunken max-md:min-h-11',
        },
      }}
    />
  )
}
