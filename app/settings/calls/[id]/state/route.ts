import { authorise } from '@/lib/accounts/authorise'
import { answerLive } from '@/lib/calls/live-calls'
import { liveDelivery } from '@/lib/calls/live-delivery'
import { db } from '@/lib/db/client'
import { readId } from '@/lib/type-id'

/** The state of a delivery, named by its own id, or 304 without a body when it has not changed. */
export async function GET(request: Request, { params }: RouteContext<'/settings/calls/[id]/state'>) {
  const { account } = await authorise('viewer', request)
  const id = readId('delivery', (await params).id)
  return id ? answerLive(request, await liveDelivery(db(), account.id, id)) : new Response(null, { status: 404 })
}
