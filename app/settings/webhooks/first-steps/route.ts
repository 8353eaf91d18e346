import { authorise } from '@/lib/accounts/authorise'
import { answerLive } from '@/lib/calls/live-calls'
import { db } from '@/lib/db/client'
import { liveSteps } from '@/lib/webhooks/live-steps'

/** Which of the first steps are done, or 304 without a body when that has not changed. */
export async function GET(request: Request) {
  const { account } = await authorise('admin', request)
  return answerLive(request, await liveSteps(db(), account.id))
}
