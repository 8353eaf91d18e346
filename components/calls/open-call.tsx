'use client'

import { useRouter } from 'next/navigation'
import type { CallLine } from '@/lib/calls/call-queries'
import { showId } from '@/lib/type-id'
import { LinkButton } from '../ui/link-button'

/** From this width on a call opens beside its list (DESIGN: the sheet and the list's first columns have room). */
const wide = '(min-width: 1180px)'
/** The pages that show a call beside their list. */
const withSheet = /^\/settings\/(calls|webhooks(\/whk_\w+)?)$/

type Props = {
  call: CallLine
  /** The query that filters the list, without a question mark. */
  query?: string
}

/** Opens a call of a list: on wide screens beside it, at an address of its own, elsewhere as its page. */
export function OpenCall({ call: { id, ruleName }, query = '' }: Props) {
  const router = useRouter()
  const shownId = showId('call', id)
  return (
    <LinkButton
      size="sm"
      href={`/settings/calls/${shownId}${query && `?${query}`}`}
      onNavigate={(event) => {
        const address = new URL(location.href)
        if (!withSheet.test(address.pathname) || !matchMedia(wide).matches) return
        event.preventDefault()
        address.searchParams.set('call', shownId)
        router.push(`${address.pathname}${address.search}`, { scroll: false })
      }}
    >
      View
      <span className="sr-only"> the call of {ruleName}</span>
    </LinkButton>
  )
}
