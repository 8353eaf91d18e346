import { isPlainText, notPlainText } from '../plain-text'
import * as z from '../zod'
import { nameKey } from './name-schema'

// "And only if": further conditions of a rule, all of which must hold. Their kinds are closed: there is no "or" and no
// expression language. lib/events/only-if.ts judges them.

export const onlyIfAtMost = 5
const valuesAtMost = 20
const lengthAtMost = 200

const line = (empty: string) =>
  z
    .string()
    .trim()
    .min(1, empty)
    .max(lengthAtMost, `Use at most ${lengthAtMost} characters.`)
    .refine(isPlainText, notPlainText)

/** One to 20 values; empty ones and repetitions are dropped. Texts are compared as names are: see `nameKey`. */
const valuesOf = (value: z.ZodType<string, string>) =>
  z
    .array(z.string())
    .transform((values) => [
      ...new Map(values.filter((text) => text.trim() !== '').map((text) => [nameKey(text), text])).values(),
    ])
    .pipe(
      z
        .array(value)
        .min(1, 'Enter at least one value, each on a line of its own.')
        .max(valuesAtMost, `Use at most ${valuesAtMost} values.`),
    )

const values = valuesOf(line(''))
const languages = valuesOf(
  z
    .string()
    .trim()
    .regex(/^[a-z]{2,8}([-_][a-z0-9]{1,8})*$/i, 'Enter languages by their codes, such as en or pt-BR.')
    .max(35, 'Enter languages by their codes, such as en or pt-BR.'),
)

export const onlyIfSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('comment') }),
  z.object({ kind: z.literal('tag'), values }),
  z.object({ kind: z.literal('country'), values }),
  z.object({ kind: z.literal('language'), values: languages }),
  z.object({ kind: z.literal('answer'), question: line('Enter the question, as the survey asks it.'), values }),
  z.object({
    kind: z.literal('property'),
    name: line('Enter the name of the property.'),
    value: line('Enter the value that the property must have.'),
  }),
])
/** A further condition of a rule. */
export type OnlyIf = z.infer<typeof onlyIfSchema>

export const onlyIfListSchema = z
  .array(onlyIfSchema)
  .max(onlyIfAtMost, `Use at most ${onlyIfAtMost} further conditions.`)

export const onlyIfKinds = [
  'comment',
  'tag',
  'country',
  'language',
  'answer',
  'property',
] as const satisfies OnlyIf['kind'][]

/** A condition of this kind as it is added to the form: with nothing entered. */
export function emptyOnlyIf(kind: OnlyIf['kind']): OnlyIf {
  switch (kind) {
    case 'comment':
      return { kind }
    case 'answer':
      return { kind, question: '', values: [] }
    case 'property':
      return { kind, name: '', value: '' }
    default:
      return { kind, values: [] }
  }
}
