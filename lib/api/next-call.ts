import type { NextCall } from '../pipeline/queue/next-call'
import * as z from '../zod'
import { shownTime, showTimeOrNull } from './api-schemas'

/** What a waiting delivery waits for, and until when. */
export const nextCallSchema = z
  .object({
    kind: z.enum(['schedule', 'probe', 'pause', 'permit', 'release', 'ramp', 'now', 'under-way']).meta({
      description:
        'schedule: the time of its next attempt. probe: the next probe of its webhook. pause: the end of the pause that ' +
        'the receiver asked for. permit: the rate limit. release: the end of a hold. ramp: its webhook catches up.',
    }),
    at: shownTime.nullable(),
  })
  .meta({ id: 'NextCall' })

export const showNextCall = (next: NextCall): z.input<typeof nextCallSchema> => ({
  kind: next.kind,
  at: 'at' in next ? showTimeOrNull(next.at) : null,
})
