'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState } from 'react'
import { done } from '@/lib/form-result'
import { ConfirmDialog } from '../../ui/confirm-dialog'
import { isReloading } from '../../ui/kept-forms'

/**
 * While there are unsaved changes, a link to another page of the hub asks first, and the browser asks before the tab is
 * closed or reloaded.
 */
export function LeaveGuard({ unsaved }: { unsaved: boolean }) {
  const router = useRouter()
  const [target, setTarget] = useState<string>()

  useEffect(() => {
    if (!unsaved) return
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null
      const elsewhere = event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey
      if (!link || elsewhere || link.target === '_blank' || link.origin !== location.origin) return
      if (link.pathname === location.pathname) return
      event.preventDefault()
      event.stopPropagation()
      setTarget(link.pathname + link.search)
    }
    const onUnload = (event: BeforeUnloadEvent) => !isReloading() && event.preventDefault()
    document.addEventListener('click', onClick, { capture: true })
    window.addEventListener('beforeunload', onUnload)
    return () => {
      document.removeEventListener('click', onClick, { capture: true })
      window.removeEventListener('beforeunload', onUnload)
    }
  }, [unsaved])

  return (
    <ConfirmDialog
      open={target !== undefined}
      onOpenChange={(open) => !open && setTarget(undefined)}
      title="Leave without saving?"
      confirmLabel="Discard changes"
      cancelLabel="Keep editing"
      action={async () => done(target)}
      onDone={(href) => href && router.push(href)}
    >
      <p>What you changed on this form has not been saved and will be lost.</p>
    </ConfirmDialog>
  )
}
