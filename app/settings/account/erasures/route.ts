import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { listErasures } from '@/lib/erasure/erasures'

/** The latest erasures of the account, with their progress. */
export async function GET(request: Request) {
  const { account } = await authorise('admin', request)
  return Response.json(await listErasures(db(), account.id), { headers: { 'cache-control': 'private, no-store' } })
}
