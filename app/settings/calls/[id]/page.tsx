import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { CallTitle } from '@/components/calls/call-title'
import { StepCalls } from '@/components/calls/step-calls'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { callFilterQuery, readCallFilter } from '@/lib/calls/call-filter'
import { shownDetail } from '@/lib/calls/call-queries'
import { readNeighbours } from '@/lib/calls/neighbours'
import { readCall } from '@/lib/calls/read-call'
import { db } from '@/lib/db/client'
import { readId, showId } from '@/lib/type-id'
import { CallContent } from '../call-content'

export const metadata: Metadata = { title: 'WebHook call' }

/** The parameters are those of the list that the call was opened from. */
export default async function CallPage({ params, searchParams }: PageProps<'/settings/calls/[id]'>) {
  const who = await authorise('viewer')
  const id = readId('call', (await params).id)
  const detail = id && (await readCall(db(), who.account.id, id))
  const filter = readCallFilter(await searchParams)
  if (!detail || !filter) notFound()
  const { call } = detail
  const { newer, older } = await readNeighbours(db(), who.account.id, call.id, filter)
  const query = callFilterQuery(filter) && `?${callFilterQuery(filter)}`
  const pageOf = (other: string | undefined) => other && `/settings/calls/${showId('call', other)}${query}`
  const whole = mayAct(who.role, 'admin')
  return (
    <>
      <PageHead
        back={
          <Link href={`/settings/calls${query}`} className="text-accent-text underline">
            Calls
          </Link>
        }
        title={
          <CallTitle answer={{ ...call, detail: shownDetail(call.failure, call.detail, whole) }} test={call.test} />
        }
        action={<StepCalls newer={pageOf(newer)} older={pageOf(older)} />}
      />
      <CallContent detail={detail} who={who} />
    </>
  )
}
