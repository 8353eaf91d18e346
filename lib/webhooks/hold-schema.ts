import * as z from '../zod'

/** A hold of longer than this would outlive what it holds. */
const atMostMs = 30 * 86_400_000

/** The set end of a hold as ISO text, or empty: until somebody releases it. `nowMs`: Unix milliseconds. */
export const holdSchema = (nowMs: number) =>
  z.object({
    until: z.string().transform((text, check) => {
      if (text === '') return null
      const at = new Date(text)
      if (Number.isNaN(at.getTime())) check.addIssue({ code: 'custom', message: 'Enter a date and a time.' })
      else if (at.getTime() <= nowMs)
        check.addIssue({ code: 'custom', message: 'This time is over. Choose a later one.' })
      else if (at.getTime() > nowMs + atMostMs)
        check.addIssue({ code: 'custom', message: 'Choose a time within 30 days: what waits is kept no longer.' })
      return at
    }),
  })
