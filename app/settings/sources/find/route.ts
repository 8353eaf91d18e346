import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { findChoices } from '@/lib/sources/source-queries'
import { sourceFilterSchema } from '@/lib/sources/source-schema'
import * as z from '@/lib/zod'

const wanted = sourceFilterSchema.extend({
  after: z.uuid().optional(),
  size: z.coerce.number().int().min(1).max(1000).default(200),
})

/** Sources in use for a picker: those that match `search` and `kind`, `size` of them that follow the source `after`. */
export async function GET(request: Request) {
  const { account } = await authorise('viewer', request)
  const asked = wanted.safeParse(Object.fromEntries(new URL(request.url).searchParams))
  if (!asked.success) return Response.json({ error: 'This is no search.' }, { status: 400 })
  const { after, size, ...filter } = asked.data
  return Response.json(await findChoices(db(), account.id, filter, { after, size }), {
    headers: { 'cache-control': 'private, no-store' },
  })
}
