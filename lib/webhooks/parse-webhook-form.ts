import { done, type FormResult, invalid, refused } from '../form-result'
import { formats } from '../formats/formats'
import { checkTarget } from '../pipeline/deliver/target-check'
import { type WebhookForm, type WebhookFormContext, webhookFormSchema } from './webhook-schema'

/**
 * The one door for a webhook's fields, whoever sends them: the schema, then the DNS for where the URL leads. Asks the
 * network, so call it outside a transaction.
 */
export async function parseWebhookForm(input: unknown, context: WebhookFormContext): Promise<FormResult<WebhookForm>> {
  const parsed = webhookFormSchema(context).safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const { url, format } = parsed.data
  const message = await checkTarget(url, formats[format].plainHttp, context.urlPolicy)
  return message ? refused(message, 'url') : done(parsed.data)
}
