'use client'

import { useEffect } from 'react'

/** Gives the row of the WebHook that was just saved the focus, and takes it out of the address. */
export function FocusSaved({ shownId }: { shownId: string }) {
  useEffect(() => {
    const row = document.querySelector<HTMLElement>(`tr a[href="/settings/webhooks/${shownId}"]`)
    row?.focus({ preventScroll: true })
    row?.scrollIntoView({ block: 'center' })
    const address = new URL(location.href)
    address.searchParams.delete('saved')
    history.replaceState(null, '', address)
  }, [shownId])
  return null
}
