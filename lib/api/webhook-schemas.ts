import { externalIdSchema, metadataSchema } from '../accounts/account-limits'
import { eventTypes } from '../events/event-types'
import { encodings, formatKeys } from '../formats/format'
import { turnOffReasons } from '../pipeline/health/health'
import { showId } from '../type-id'
import { isAuthorization } from '../webhooks/header-schema'
import { onlyIfListSchema } from '../webhooks/only-if-schema'
import { shownUrl } from '../webhooks/shown-url'
import type { NamedWebhook, WebhookRecord } from '../webhooks/webhook-records'
import { authentications, conditionSchema, successes, webhookFields } from '../webhooks/webhook-schema'
import * as z from '../zod'
import { givenId, pathPart, shownId, shownTime, showTime, showTimeOrNull } from './api-schemas'

// Webhooks as requests and answers have them. The fields are those of the form, and what they mean is checked with its
// schema; here ids have their outer form, and what a new webhook may leave out is optional.

export const webhookPath = z.object({
  webhook: pathPart('The id of the webhook, or the platform’s own id of it.', 'crm-low-ratings'),
})

const { secret, format, encoding, ...changeable } = webhookFields
const condition = conditionSchema.meta({ id: 'Condition', outputId: 'ShownCondition' })
const onlyIf = onlyIfListSchema.meta({ id: 'OnlyIf', outputId: 'ShownOnlyIf' })

const sourcesSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('chosen'), ids: z.array(givenId('source')).min(1).max(10_000) }),
])

const headersSchema = z
  .array(
    z.strictObject({
      name: z.string(),
      value: z.string().optional().meta({ description: 'Absent: the stored value is kept.' }),
    }),
  )
  .max(10)

const fields = {
  ...changeable,
  condition,
  onlyIf,
  sources: sourcesSchema.meta({ description: 'All sources, or chosen ones. No test fire is needed.' }),
  headers: headersSchema.meta({ description: 'Further headers of every call.' }),
  metadata: metadataSchema.meta({ description: 'What the platform keeps with the webhook: at most 4 KiB as JSON.' }),
}

/** What may change of a webhook. */
export const webhookChange = z.strictObject(fields).partial().meta({ id: 'WebhookChange' })

/** A webhook as a PUT describes it: what is left out has the value of a new one, or for a secret the stored one. */
export const webhookPut = z
  .strictObject({ ...fields, format, encoding, secret })
  .partial()
  .required({ name: true, url: true })
  .meta({ id: 'WebhookDescription' })

export const newWebhook = webhookPut
  .extend({ externalId: externalIdSchema.optional().meta({ description: 'The platform’s own id of the webhook.' }) })
  .meta({ id: 'NewWebhook' })

/** What a request gives of a webhook. */
export type GivenWebhook = Partial<z.output<typeof webhookPut>>

export const webhookSchema = z
  .object({
    id: shownId('webhook'),
    externalId: z.string().nullable(),
    name: z.string(),
    url: z.string().meta({ description: 'A key of scope `read` sees only its host.' }),
    format: z.enum(formatKeys),
    encoding: z.enum(encodings),
    events: z.array(z.enum(eventTypes)),
    condition,
    onlyIf,
    sources: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('all') }),
      z.object({ kind: z.literal('chosen'), ids: z.array(shownId('source')) }),
    ]),
    authentication: z.enum(authentications),
    basicUser: z.string().nullable(),
    headers: z.array(z.object({ name: z.string() })).meta({ description: 'Their values are never answered.' }),
    retries: z.int(),
    ratePerMinute: z.int().nullable(),
    timeoutSeconds: z.int(),
    success: z.enum(successes),
    switch: z.enum(['on', 'held', 'off']),
    heldUntil: shownTime.nullable().meta({ description: 'When a hold ends by itself.' }),
    turnedOff: z
      .enum(turnOffReasons)
      .nullable()
      .meta({ description: 'Why the hub turned it off. null: it is on, or somebody switched it off.' }),
    metadata: metadataSchema,
    version: z.int().meta({ description: 'Raised by every change but that of `metadata` and of the switch.' }),
    createdAt: shownTime,
    changedAt: shownTime,
  })
  .meta({ id: 'Webhook' })

/** With its signing secret: answered once, when the webhook is created. */
export const createdWebhook = webhookSchema
  .extend({ secret: z.string().nullable().meta({ description: 'Its signing secret, which is not answered again.' }) })
  .meta({ id: 'CreatedWebhook' })

export function showWebhook(record: WebhookRecord, wholeUrls: boolean): z.input<typeof webhookSchema> {
  const { rule, sourceIds, headerNames, basicPasswordStored: _, allSources: __, number: ___, heldAt, ...row } = record
  const { id, externalId, name, url, enabled, createdAt, changedAt, heldUntil, ...rest } = row
  return {
    id: showId('webhook', id),
    externalId,
    name,
    url: shownUrl(url, wholeUrls),
    ...rule,
    ...rest,
    sources: sourceIds ? { kind: 'chosen', ids: sourceIds.map((own) => showId('source', own)) } : { kind: 'all' },
    headers: headerNames.filter((own) => !isAuthorization(own)).map((own) => ({ name: own })),
    switch: enabled ? (heldAt ? 'held' : 'on') : 'off',
    heldUntil: showTimeOrNull(heldUntil),
    createdAt: showTime(createdAt),
    changedAt: showTime(changedAt),
  }
}

/** A webhook as other resources name it. */
export const webhookReference = z
  .object({
    id: shownId('webhook'),
    externalId: z.string().nullable(),
    name: z.string(),
    metadata: metadataSchema,
  })
  .meta({ id: 'WebhookReference' })

export const showReference = ({ id, externalId, name, metadata }: NamedWebhook): z.input<typeof webhookReference> => ({
  id: showId('webhook', id),
  externalId,
  name,
  metadata,
})
