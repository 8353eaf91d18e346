import { showsSomething } from './plain-text'
import * as z from './zod'

// Names that a person enters: of rules, sources, accounts and keys.

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** The characters of a text as a person sees them. */
export const graphemesOf = (text: string): string[] => [...graphemes.segment(text)].map(({ segment }) => segment)

/** The number of characters that a person sees. */
export const countGraphemes = (text: string): number => graphemesOf(text).length

// Some invisible characters belong to what is seen beside them: the joiners of Persian, of Indic scripts and of emoji, the
// selectors of a variant, and the tags of a flag such as Scotland's (UTS #51, ED-14a). Scripts with capital letters need none.
const blank = String.raw`\p{White_Space}\p{Default_Ignorable_Code_Point}`
const uncased = String.raw`[^${blank}\p{Cased}\p{ASCII}]`
const needed = new RegExp(
  [
    String.raw`(?<=${uncased}\p{Variation_Selector}?)\p{Join_Control}(?=[^${blank}])`,
    String.raw`(?<=\p{M})\p{Join_Control}`,
    String.raw`(?<=\p{Emoji}|${uncased})\p{Variation_Selector}`,
    String.raw`(?<=\p{Extended_Pictographic})[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,6}\u{E007F}`,
  ].join('|'),
  'gu',
)

const invisible = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/u

/**
 * A name: trimmed, at most `atMost` characters as a person counts them, and four times as many code points. It shows
 * something and hides nothing: no control characters, no change of writing direction, no invisible fillers. `empty`: what
 * to say when nothing was entered.
 */
export const enteredName = (empty: string, atMost: number) =>
  z
    .string()
    .trim()
    .superRefine((name, issues) => {
      const message = refuseName(name, empty, atMost)
      if (message) issues.addIssue({ code: 'custom', message })
    })

function refuseName(name: string, empty: string, atMost: number): string | undefined {
  if (name === '') return empty
  if (invisible.test(name.replace(needed, ''))) return 'This has a character that can’t be shown. Type it again.'
  if (!showsSomething(name)) return 'This shows nothing. Use letters, digits or signs.'
  const count = countGraphemes(name)
  if (count > atMost) return `Use at most ${atMost} characters; this has ${count}.`
  if ([...name].length > 4 * atMost) return 'These characters are too long together. Use fewer combined marks or emoji.'
  return undefined
}
