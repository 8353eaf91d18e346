import { eventTypes } from '../events/event-types'
import * as z from '../zod'

// What a person enters to recover or replay. One schema serves dialog and action.

/** Deliveries a minute; null: as fast as the endpoint takes them. */
export const paces = [60, 600, 6_000, null] as const
export type Pace = (typeof paces)[number]
export const usualPace: Pace = 600

const pace = z.union(paces.map((n) => z.literal(n)))
const range = {
  /** Unix milliseconds. */
  since: z.int().min(0),
  until: z.int().min(0),
}
const inOrder = ({ since, until }: { since: number; until: number }) => since < until
const orderWords = { path: ['until'], message: 'The end must be after the start.' }
const atLeastOne = 'Choose what to recover.'

export const recoverySchema = z
  .object({
    webhookId: z.uuid(),
    ...range,
    /** How many deliveries were counted of each kind that was chosen. */
    expected: z
      .object({ failed: z.int().min(0).optional(), missed: z.int().min(0).optional() })
      .refine(({ failed, missed }) => failed !== undefined || missed !== undefined, atLeastOne),
    perMinute: pace,
  })
  .refine(inOrder, orderWords)
export type RecoveryInput = z.infer<typeof recoverySchema>

const webhookIds = z.array(z.uuid()).min(1, 'Choose at least one WebHook.').max(20, 'Choose at most 20 WebHooks.')

export const eventReplaySchema = z.object({ eventId: z.uuid(), webhookIds })
export type EventReplay = z.infer<typeof eventReplaySchema>

export const listReplaySchema = z
  .object({
    webhookIds,
    ...range,
    filter: z.object({
      type: z.enum(eventTypes).optional(),
      sourceId: z.uuid().optional(),
      subject: z.string().max(255).optional(),
    }),
    perMinute: pace,
  })
  .refine(inOrder, orderWords)
export type ListReplay = z.infer<typeof listReplaySchema>
