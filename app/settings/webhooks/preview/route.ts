import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { readBody } from '@/lib/http/read-body'
import { draftSchema, previewRule } from '@/lib/webhooks/preview'

/** An account's 10,000 sources, all of them chosen, and some more. */
const bodyAtMost = 512 * 1024

/** Which of the last 500 events a draft, posted as JSON, would have matched. */
export async function POST(request: Request) {
  const { account } = await authorise('viewer', request)
  const body = await readBody(request, bodyAtMost)
  const draft = draftSchema.safeParse(typeof body === 'string' ? undefined : parseJson(body.toString()))
  if (!draft.success) return Response.json({ error: 'This is no rule.' }, { status: 400 })
  return Response.json(await previewRule(db(), account.id, draft.data), {
    headers: { 'cache-control': 'private, no-store' },
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
