import { z } from 'zod'
import { authorise } from '@/lib/accounts/authorise'
import { db } from '@/lib/db/client'
import { eventTypes } from '@/lib/events/event-types'
import { previewRule } from '@/lib/webhooks/preview'
import { conditionSchema } from '@/lib/webhooks/webhook-schema'

const ruleSchema = z.object({ events: z.array(z.enum(eventTypes)).min(1), condition: conditionSchema })

/** Which of the last 500 events a draft rule, as JSON in `rule`, would have matched. */
export async function GET(request: Request) {
  const { account } = await authorise('viewer', request)
  const rule = z
    .string()
    .transform((text, issues) => {
      try {
        return JSON.parse(text)
      } catch {
        issues.addIssue({ code: 'custom', message: 'is not JSON' })
        return z.NEVER
      }
    })
    .pipe(ruleSchema)
    .safeParse(new URL(request.url).searchParams.get('rule'))
  if (!rule.success) return Response.json({ error: 'This is no rule.' }, { status: 400 })
  return Response.json(await previewRule(db(), account.id, rule.data), {
    headers: { 'cache-control': 'private, no-store' },
  })
}
