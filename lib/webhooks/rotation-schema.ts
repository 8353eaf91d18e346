import { z } from 'zod'
import type { FormatKey } from '../formats/format'
import { formats } from '../formats/formats'

// The one schema of a rotation: the form in the browser, the action on the server and any API parse with it.

export const overlapAtMostHours = 7 * 24
export const overlapUsualHours = 24

const outOfRange = `Enter the overlap as whole hours from 0 to ${overlapAtMostHours}; ${overlapAtMostHours} hours are 7 days.`

/** A rotation of a webhook of this format; messages are for merchants and stand at their field. */
export const rotationSchema = (format: FormatKey) =>
  z
    .object({
      /** The secret the receiver already has, in place of one that is made. */
      entered: z.boolean(),
      /** Only read when it is entered. */
      secret: z.string().default(''),
      overlapHours: z.number(outOfRange).int(outOfRange).min(0, outOfRange).max(overlapAtMostHours, outOfRange),
    })
    .superRefine(({ entered, secret }, issues) => {
      const message = entered && formats[format].secret?.refuse(secret)
      if (message) issues.addIssue({ code: 'custom', path: ['secret'], message })
    })

export type RotationInput = z.input<ReturnType<typeof rotationSchema>>
export type Rotation = z.output<ReturnType<typeof rotationSchema>>
