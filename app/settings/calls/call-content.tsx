import { CallView } from '@/components/calls/call-view'
import type { Authorised } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { listCallLinks } from '@/lib/calls/call-links'
import type { CallDetail } from '@/lib/calls/read-call'
import { db } from '@/lib/db/client'
import { revealHeaders } from './[id]/actions'
import { cancelHere, sendAgainHere, tryNowHere } from './[id]/delivery-actions'
import { makeLink, revokeLink } from './[id]/link-actions'

type Props = { detail: CallDetail; who: Authorised }

/** What the page of a call and its sheet share, with the actions that the person may use. */
export async function CallContent({ detail, who: { account, role } }: Props) {
  const { id } = detail.call
  return (
    <CallView
      detail={detail}
      admin={
        mayAct(role, 'admin')
          ? {
              delivery: { tryNow: tryNowHere, sendAgain: sendAgainHere, cancel: cancelHere },
              reveal: revealHeaders.bind(null, id),
              links: await listCallLinks(db(), account.id, id),
              link: { make: makeLink.bind(null, id), revoke: revokeLink },
            }
          : undefined
      }
    />
  )
}
