import * as z from 'zod'

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The number of characters that a person sees. */
export const countGraphemes = (text: string): number => [...graphemes.segment(text)].length

/** The form in which names are compared: two names are the same when their keys are equal. */
export const nameKey = (name: string): string => name.trim().normalize('NFC').replace(/\s+/gu, ' ').toLowerCase()

const nameAtMost = 24

/** "Low ratings copy": the name, cut so that it fits into 24 characters. */
export function copyName(name: string): string {
  const ending = ' copy'
  const kept = [...graphemes.segment(name)].slice(0, nameAtMost - ending.length)
  return (
    kept
      .map(({ segment }) => segment)
      .join('')
      .trimEnd() + ending
  )
}

/** The Rule name: 1–24 graphemes and at most 96 code points, after trimming (Feefo, “WebHooks”: 1 to 24 characters). */
export const nameSchema = z
  .string()
  .trim()
  .superRefine((name, issues) => {
    const refuse = (message: string) => issues.addIssue({ code: 'custom', message })
    if (name === '') refuse('Give the rule a name, so that you know it again.')
    else if (!name.isWellFormed() || /\p{Cc}/u.test(name))
      refuse('The name has a character that can’t be shown. Type it again.')
    else if (countGraphemes(name) > nameAtMost)
      refuse(`Use at most 24 characters; this name has ${countGraphemes(name)}.`)
    else if ([...name].length > 96) refuse('These characters are too long together. Use fewer combined marks or emoji.')
  })
