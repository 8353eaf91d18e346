import { enteredName, graphemesOf } from '../entered-name'

/** The form in which names are compared: two names are the same when their keys are equal. */
export const nameKey = (name: string): string => name.trim().normalize('NFC').replace(/\s+/gu, ' ').toLowerCase()

export const ruleNameAtMost = 24

/** "Low ratings copy": the name, cut so that it fits into 24 characters. */
export function copyName(name: string): string {
  const ending = ' copy'
  const kept = graphemesOf(name).slice(0, ruleNameAtMost - ending.length)
  return kept.join('').trimEnd() + ending
}

/** The Rule name: 1–24 characters and at most 96 code points, after trimming (Feefo, “WebHooks”: 1 to 24 characters). */
export const nameSchema = enteredName('Give the rule a name, so that you know it again.', ruleNameAtMost)
