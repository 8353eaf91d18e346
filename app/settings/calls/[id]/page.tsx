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
import { readId, showId } from '@/lib/type-id'
import { CallContent, readOpenedCall } from '../call-content'

export const metadata: Metadata = { title: 'WebHook call' }

/** The parameters are those of the list that the call was opened from. */
export default async function CallPage({ params, searchParams }: PageProps<'/settings/calls/[id]'>) {
  const who = await authorise('viewer')
  const id = readId('call', (await params).id)
  const filter = readCallFilter(await searchParams)
  if (!id || !filter) notFound()
  const { detail, beside, links } = await readOpenedCall(who, id, filter)
  const { call } = detail
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
        action={<StepCalls newer={pageOf(beside.newer)} older={pageOf(beside.older)} />}
      />
      <CallContent detail={detail} links={links} who={who} />
    </>
  )
}
