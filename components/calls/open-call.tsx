'use client'

import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import type { CallLine } from '@/lib/calls/call-queries'
import { showId } from '@/lib/type-id'
import { LinkButton } from '../ui/link-button'

/** From this width on a call opens beside its list (DESIGN: the sheet and the list's first columns have room). */
const wide = '(min-width: 1180px)'
/** The pages that show a call beside their list. */
const withSheet = /^\/settings\/(calls|webhooks(\/whk_\w+)?)$/

/** Opens a call of a list: on wide screens beside it, at an address of its own, elsewhere as its page. */
export function OpenCall({ call: { id, ruleName } }: { call: CallLine }) {
  const router = useRouter()
  const pathname = usePathname()
  const address = new URLSearchParams(useSearchParams())
  const shownId = showId('call', id)
  const filter = new URLSearchParams(pathname === '/settings/calls' ? address : undefined)
  for (const place of ['before', 'after', 'call']) filter.delete(place)
  return (
    <LinkButton
      size="sm"
      href={`/settings/calls/${shownId}${filter.size > 0 ? `?${filter}` : ''}`}
      onNavigate={(event) => {
        if (!withSheet.test(pathname) || !matchMedia(wide).matches) return
        event.preventDefault()
        address.set('call', shownId)
        router.push(`${pathname}?${address}`, { scroll: false })
      }}
    >
      View
      <span className="sr-only"> the call of {ruleName}</span>
    </LinkButton>
  )
}
