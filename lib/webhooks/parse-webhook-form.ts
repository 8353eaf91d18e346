import { done, type FormResult, invalid, refused } from '../form-result'
import { formats } from '../formats/formats'
import { checkTarget } from '../pipeline/deliver/target-check'
import { type WebhookForm, type WebhookFormContext, webhookFormSchema } from './webhook-schema'

/**
 * Validates a webhook's fields, from a form or any other caller: first the schema, then whether the URL's name resolves to
 * an address that may be called. It asks the DNS, so call it outside a transaction.
 */
export async function parseWebhookForm(input: unknown, context: WebhookFormContext): Promise<FormResult<WebhookForm>> {
  const parsed = webhookFormSchema(context).safeParse(input)
  if (!parsed.success) return invalid(parsed.error)
  const { url, format } = parsed.data
  const message = await checkTarget(url, formats[format].plainHttp, context.urlPolicy)
  return message ? refused(message, 'url') : done(parsed.data)
}
