import type { FormatKey } from '../formats/format'
import { formats } from '../formats/formats'
import * as z from '../zod'

// The schema of a rotation, used by the form in the browser and the action on the server.

export const overlapAtMostHours = 7 * 24
export const overlapUsualHours = 24

const outOfRange = `Enter the overlap as whole hours from 0 to ${overlapAtMostHours}; ${overlapAtMostHours} hours are 7 days.`

/** The schema of a rotation for a webhook of this format. Messages are for merchants and belong to a field. */
export const rotationSchema = (format: FormatKey) =>
  z
    .object({
      /** True: `secret` is what the receiver already has. False: a new one is generated. */
      entered: z.boolean(),
      /** Read only when `entered`. */
      secret: z.string().default(''),
      overlapHours: z.number(outOfRange).int(outOfRange).min(0, outOfRange).max(overlapAtMostHours, outOfRange),
    })
    .superRefine(({ entered, secret }, issues) => {
      const message = entered && formats[format].secret?.refuse(secret)
      if (message) issues.addIssue({ code: 'custom', path: ['secret'], message })
    })

export type RotationInput = z.input<ReturnType<typeof rotationSchema>>
export type Rotation = z.output<ReturnType<typeof rotationSchema>>
