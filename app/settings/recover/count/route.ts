import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { env } from '@/lib/env'
import { countRange } from '@/lib/recovery/count-range'
import { readRecoveryWebhook } from '@/lib/recovery/recovery-webhook'
import { readId } from '@/lib/type-id'
import * as z from '@/lib/zod'

const asked = z.object({
  webhook: z.string(),
  since: z.coerce.number().int().min(0),
  until: z.coerce.number().int().min(0),
  offset: z.coerce.number().int().min(-840).max(840),
})

/** What can be recovered of a time range. `offset`: how many minutes the reader's clock is ahead of UTC. */
export async function GET(request: Request) {
  const { account } = await authorise('viewer', request)
  const parsed = asked.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  const id = parsed.success && readId('webhook', parsed.data.webhook)
  const webhook = id && (await readRecoveryWebhook(db(), account.id, id, env().HEARBACK_URL))
  if (!webhook || !parsed.data) return new Response(null, { status: 404 })
  const { since, until, offset } = parsed.data
  const count = await countRange(db(), webhook, { sinceMs: since, untilMs: until, offsetMs: offset * 60_000 })
  return Response.json(count, { headers: { 'cache-control': 'private, no-store' } })
}
