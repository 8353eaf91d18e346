import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { db } from '@/lib/db/client'
import { openNotices } from '@/lib/notices/open-notices'

/** The notices that are open now; none for a viewer, who may have been an admin when the page was opened. */
export async function GET(request: Request) {
  const { account, role } = await authorise('viewer', request)
  const notices = mayAct(role, 'admin') ? await openNotices(db(), account.id) : { shown: [], more: 0 }
  return Response.json(notices, { headers: { 'cache-control': 'private, no-store' } })
}
