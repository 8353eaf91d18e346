import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { problem } from '@/lib/http/problem'
import { readBody } from '@/lib/http/read-body'
import { draftSchema, previewRule } from '@/lib/webhooks/preview'
import { openPreviewLimit } from '@/lib/webhooks/preview-limit'

/** An account's 10,000 sources, all of them chosen, and some more. */
const bodyAtMost = 512 * 1024

const limited = openPreviewLimit()

/** Which of the last events a draft, posted as JSON, would have matched. */
export async function POST(request: Request) {
  const { account, user } = await authorise('viewer', request)
  const body = await readBody(request, bodyAtMost)
  const draft = draftSchema.safeParse(typeof body === 'string' ? undefined : parseJson(body.toString()))
  if (!draft.success) return Response.json({ error: 'This is no rule.' }, { status: 400 })
  const preview = await limited(user.id, () => previewRule(db(), account.id, draft.data))
  if ('waitSeconds' in preview)
    return problem(429, 'Too many previews', preview.detail, { headers: { 'retry-after': `${preview.waitSeconds}` } })
  return Response.json(preview, { headers: { 'cache-control': 'private, no-store' } })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
