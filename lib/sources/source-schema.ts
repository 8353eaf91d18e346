import { enteredName } from '../entered-name'
import { sourceKinds } from '../events/event-types'
import * as z from '../zod'

// What people enter about a source. One schema serves form and action.

/** As in `source.key` of an event: 1–100 UTF-16 units, no space at either end. */
const keySchema = z
  .string()
  .trim()
  .max(100, 'Use at most 100 characters.')
  .pipe(enteredName('Enter the key that events name this source by.', 100))

const vendorNumber = z
  .int('Enter the whole number your receivers know.')
  .min(1, 'Enter the whole number your receivers know.')
  .optional()

/** The source's ids at vendors, sent instead of the hub's own id. Absent: the hub's id is sent. */
export const vendorIdsSchema = z.object({
  thermometerId: vendorNumber,
  wootricSurveyId: vendorNumber,
  rateupSurveyId: enteredName('Enter the survey id, or leave the field empty.', 100).optional(),
})

export const sourceSchema = z.object({
  name: enteredName('Give the source a name, so that you know it again.', 200),
  kind: z.enum(sourceKinds, 'Choose what kind of source it is.'),
  vendorIds: vendorIdsSchema,
})
export type SourceForm = z.infer<typeof sourceSchema>

export const newSourceSchema = sourceSchema.omit({ vendorIds: true }).extend({ key: keySchema })
export type NewSourceForm = z.infer<typeof newSourceSchema>

/** The URL field of a source's own Settings tab. The webhook's schema checks it (lib/webhooks/url-schema.ts). */
export const sourceWebhookSchema = z.object({ url: z.string().trim() })
export type SourceWebhookForm = z.infer<typeof sourceWebhookSchema>

/** The filters of lists of sources, as an address carries them. */
export const sourceFilterSchema = z.object({
  search: z.string().trim().max(200).catch('').default(''),
  kind: z.enum(sourceKinds).optional().catch(undefined),
})
export type SourceFilter = z.infer<typeof sourceFilterSchema>
