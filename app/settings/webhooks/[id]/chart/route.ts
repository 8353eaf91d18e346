import { authorise } from '@/lib/accounts/authorise'
import { chartSpans } from '@/lib/charts/chart-spans'
import { readChart } from '@/lib/charts/read-chart'
import { db } from '@/lib/db/client'
import { readId } from '@/lib/type-id'
import * as z from '@/lib/zod'

const asked = z.object({ span: z.enum(chartSpans), offset: z.coerce.number().int().min(-840).max(840) })

/** The charts of a WebHook. `offset`: how many minutes the reader's clock is ahead of UTC. */
export async function GET(request: Request, { params }: RouteContext<'/settings/webhooks/[id]/chart'>) {
  const { account } = await authorise('viewer', request)
  const id = readId('webhook', (await params).id)
  const parsed = asked.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!id || !parsed.success) return new Response(null, { status: 404 })
  const { span, offset } = parsed.data
  const chart = await readChart(db(), account.id, id, { span, offsetMinutes: offset })
  return Response.json(chart, { headers: { 'cache-control': 'private, no-store' } })
}
