import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { db } from '@/lib/db/client'
import { openNotices } from '@/lib/notices/open-notices'

/** The open notices. A viewer gets none: an admin whose role was changed may still have the page open. */
export async function GET(request: Request) {
  const { account, role } = await authorise('viewer', request)
  const notices = mayAct(role, 'admin') ? await openNotices(db(), account.id) : { listed: [], count: 0 }
  return Response.json(notices, { headers: { 'cache-control': 'private, no-store' } })
}
