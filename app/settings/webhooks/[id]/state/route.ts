import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { answerLive } from '@/lib/calls/live-calls'
import { db } from '@/lib/db/client'
import { readId } from '@/lib/type-id'
import { liveState } from '@/lib/webhooks/live-state'

/** The state of a WebHook, or 304 without a body when it has not changed. */
export async function GET(request: Request, { params }: RouteContext<'/settings/webhooks/[id]/state'>) {
  const { account, role } = await authorise('viewer', request)
  const id = readId('webhook', (await params).id)
  const now = id && (await liveState(db(), account.id, id, mayAct(role, 'admin')))
  return now ? answerLive(request, now) : new Response(null, { status: 404 })
}
