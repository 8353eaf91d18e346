import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { problem } from '@/lib/http/problem'
import { readBody } from '@/lib/http/read-body'
import { readId } from '@/lib/type-id'
import { type Draft, draftSchema, previewRule } from '@/lib/webhooks/preview'
import { openPreviewLimit } from '@/lib/webhooks/preview-limit'
import { readWebhookForEdit, type WebhookForEdit } from '@/lib/webhooks/webhook-queries'

/** An account's 10,000 sources, all of them chosen, and some more. */
const bodyAtMost = 512 * 1024

const limited = openPreviewLimit()

/**
 * Which of the last events a draft, posted as JSON, would have matched. `webhook`: the TypeID of the WebHook that is edited,
 * with whose saved rule the draft is compared.
 */
export async function POST(request: Request) {
  const { account, user } = await authorise('viewer', request)
  const body = await readBody(request, bodyAtMost)
  const draft = draftSchema.safeParse(typeof body === 'string' ? undefined : parseJson(body.toString()))
  if (!draft.success) return Response.json({ error: 'This is no rule.' }, { status: 400 })
  const edited = readId('webhook', new URL(request.url).searchParams.get('webhook') ?? '')
  const saved = edited ? await readWebhookForEdit(db(), account.id, edited) : undefined
  const preview = await limited(user.id, () => previewRule(db(), account.id, draft.data, saved && draftOf(saved)))
  if ('waitSeconds' in preview)
    return problem(429, 'Too many previews', preview.detail, { headers: { 'retry-after': `${preview.waitSeconds}` } })
  return Response.json(preview, { headers: { 'cache-control': 'private, no-store' } })
}

const draftOf = ({ format, rule, onlyIf, sourceIds }: WebhookForEdit): Draft => ({
  format,
  ...rule,
  onlyIf,
  sources: sourceIds ? { kind: 'chosen', ids: sourceIds } : { kind: 'all' },
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
