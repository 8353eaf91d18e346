import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { listJobs } from '@/lib/recovery/recovery-jobs'
import { readId } from '@/lib/type-id'

/** The latest recovery jobs of the account, or of one WebHook. */
export async function GET(request: Request) {
  const { account } = await authorise('viewer', request)
  const webhook = new URL(request.url).searchParams.get('webhook')
  const id = webhook === null ? undefined : readId('webhook', webhook)
  if (webhook !== null && !id) return new Response(null, { status: 404 })
  return Response.json(await listJobs(db(), account.id, id), { headers: { 'cache-control': 'private, no-store' } })
}
