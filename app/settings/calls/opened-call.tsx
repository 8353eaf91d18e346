import { notFound } from 'next/navigation'
import { CallSheet } from '@/components/calls/call-sheet'
import { CallTitle } from '@/components/calls/call-title'
import type { Authorised } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import type { CallFilter } from '@/lib/calls/call-filter'
import { shownDetail } from '@/lib/calls/call-queries'
import { readId, showId } from '@/lib/type-id'
import { CallContent, readOpenedCall } from './call-content'

type Props = {
  who: Authorised
  /** The list's path and parameters. `call` among them is the TypeID of the call that is open. */
  path: string
  address: Record<string, string | string[] | undefined>
  /** Which calls the list has. */
  filter: CallFilter
}

/** The call that is open beside a list, or nothing. */
export async function OpenedCall({ who, path, address, filter }: Props) {
  if (typeof address.call !== 'string') return null
  const id = readId('call', address.call)
  if (!id) notFound()
  const { detail, beside, links } = await readOpenedCall(who, id, filter)
  const { call } = detail
  const list = new URLSearchParams()
  for (const [name, value] of Object.entries(address))
    if (name !== 'call') for (const each of [value ?? []].flat()) list.append(name, each)
  const listAt = (open: string | undefined) => {
    const query = new URLSearchParams(list)
    if (open) query.set('call', showId('call', open))
    return query.size > 0 ? `${path}?${query}` : path
  }
  return (
    <CallSheet
      title={
        <CallTitle
          answer={{ ...call, detail: shownDetail(call.failure, call.detail, mayAct(who.role, 'admin')) }}
          test={call.test}
        />
      }
      closed={listAt(undefined)}
      page={`/settings/calls/${showId('call', call.id)}`}
      newer={beside.newer && listAt(beside.newer)}
      older={beside.older && listAt(beside.older)}
    >
      <CallContent key={call.id} detail={detail} links={links} who={who} />
    </CallSheet>
  )
}
