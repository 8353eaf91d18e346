import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { findWebhooks } from '@/lib/webhooks/find-webhooks'

/** The first 50 WebHooks with `search` in their name, for the filter of the call log. */
export async function GET(request: Request) {
  const { account } = await authorise('viewer', request)
  const search = new URL(request.url).searchParams.get('search') ?? ''
  return Response.json(await findWebhooks(db(), account.id, search), {
    headers: { 'cache-control': 'private, no-cache' },
  })
}
