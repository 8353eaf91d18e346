import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { liveCalls } from '@/lib/calls/live-calls'
import { db } from '@/lib/db/client'

/** The 20 latest calls; unchanged since the asker's ETag: 304 without a body. */
export async function GET(request: Request) {
  const { account, role } = await authorise('viewer', request)
  const { calls, etag } = await liveCalls(db(), account.id, mayAct(role, 'admin'))
  const headers = { etag, 'cache-control': 'private, no-cache' }
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers })
  return Response.json(calls, { headers })
}
