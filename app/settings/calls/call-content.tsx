import { notFound } from 'next/navigation'
import { CallView } from '@/components/calls/call-view'
import type { Authorised } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import type { CallFilter } from '@/lib/calls/call-filter'
import { type CallLink, listCallLinks } from '@/lib/calls/call-links'
import { readNeighbours } from '@/lib/calls/neighbours'
import { type CallDetail, readCall } from '@/lib/calls/read-call'
import { db } from '@/lib/db/client'
import { revealHeaders } from './[id]/actions'
import { cancelHere, sendAgainHere, tryNowHere } from './[id]/delivery-actions'
import { makeLink, revokeLink } from './[id]/link-actions'

/** A call, those beside it in its list, and its links. Answers 404 when the account has no such call. */
export async function readOpenedCall({ account }: Authorised, id: string, filter: CallFilter) {
  const [detail, beside, links] = await Promise.all([
    readCall(db(), account.id, id),
    readNeighbours(db(), account.id, id, filter),
    listCallLinks(db(), account.id, id),
  ])
  return detail ? { detail, beside, links } : notFound()
}

type Props = { detail: CallDetail; links: CallLink[]; who: Authorised }

/** What the page of a call and its sheet share, with the actions that the person may use. */
export function CallContent({ detail, links, who: { role } }: Props) {
  const { id } = detail.call
  return (
    <CallView
      detail={detail}
      admin={
        mayAct(role, 'admin')
          ? {
              delivery: { tryNow: tryNowHere, sendAgain: sendAgainHere, cancel: cancelHere },
              reveal: revealHeaders.bind(null, id),
              links,
              link: { make: makeLink.bind(null, id), revoke: revokeLink },
            }
          : undefined
      }
    />
  )
}
