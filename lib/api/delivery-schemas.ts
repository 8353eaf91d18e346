import { reasonWords } from '../calls/call-state'
import type { DeliveryState } from '../calls/delivery-states'
import { showId } from '../type-id'
import * as z from '../zod'
import { shownId, shownTime, showTime } from './api-schemas'
import { nextCallSchema, showNextCall } from './next-call'

/** How a delivery stands. */
export const deliveryStateSchema = z
  .object({
    kind: z.enum(['delivered', 'waiting', 'exhausted', 'cancelled', 'test', 'unknown']).meta({
      description:
        'exhausted: its retries ran out, or the hub turned its webhook off. cancelled: somebody ended it. test: a test ' +
        'fire, which is not retried. unknown: its day is no longer kept.',
    }),
    next: nextCallSchema.nullable().meta({ description: 'What its next call waits for, while it waits.' }),
    reason: z.string().nullable().meta({ description: 'Why it ended without a success.' }),
    words: z.string().nullable().meta({ description: 'The reason as a sentence.' }),
    endedAt: shownTime.nullable().meta({ description: 'When it was exhausted or cancelled.' }),
  })
  .meta({ id: 'DeliveryState' })

type State = DeliveryState['state'] | { kind: 'test' }

export function showState(state: State): z.input<typeof deliveryStateSchema> {
  const ended = 'reason' in state ? state : undefined
  return {
    kind: state.kind,
    next: state.kind === 'waiting' ? showNextCall(state.next) : null,
    reason: ended?.reason ?? null,
    words: ended ? reasonWords(ended.reason) : null,
    endedAt: ended ? showTime(ended.at) : null,
  }
}

/** How far a delivery has come: its state, its calls. */
export const progressSchema = z.object({
  state: deliveryStateSchema,
  calls: z.int().meta({ description: 'How many calls were made for it.' }),
  lastCall: shownId('call').nullable(),
})

export const showProgress = ({ state, calls, lastCallId }: DeliveryState): z.input<typeof progressSchema> => ({
  state: showState(state),
  calls,
  lastCall: lastCallId && showId('call', lastCallId),
})
