import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { answerLive, liveCalls } from '@/lib/calls/live-calls'
import { db } from '@/lib/db/client'

/** The 20 latest calls; 304 without a body when the request's ETag is still right. */
export async function GET(request: Request) {
  const { account, role } = await authorise('viewer', request)
  return answerLive(request, await liveCalls(db(), account.id, mayAct(role, 'admin')))
}
