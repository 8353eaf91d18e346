import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { readCallFilter } from '@/lib/calls/call-filter'
import { answerLive, liveCallLog } from '@/lib/calls/live-calls'
import { db } from '@/lib/db/client'

/** The first page of the call log, or 304 without a body when the ETag has not changed. */
export async function GET(request: Request) {
  const { account, role } = await authorise('viewer', request)
  const filter = readCallFilter(Object.fromEntries(new URL(request.url).searchParams))
  if (!filter) return new Response(null, { status: 404 })
  return answerLive(request, await liveCallLog(db(), account.id, mayAct(role, 'admin'), filter))
}
