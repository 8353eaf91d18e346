import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { replayChoices } from '@/lib/recovery/replay-choices'

/** The first 50 WebHooks with `search` in their name, to which events can be replayed. */
export async function GET(request: Request) {
  const { account } = await authorise('admin', request)
  const search = new URL(request.url).searchParams.get('search') ?? ''
  return Response.json(await replayChoices(db(), account.id, search), {
    headers: { 'cache-control': 'private, no-store' },
  })
}
