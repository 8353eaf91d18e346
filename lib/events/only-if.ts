import { nameKey } from '../webhooks/name-schema'
import type { OnlyIf } from '../webhooks/only-if-schema'
import type { DecisionCode, EventRecord } from './event-record'

// Judges the further conditions of a rule ("And only if") on what the event itself carries: its feedback, its declined
// survey or its message. Pure. Texts are compared as names are (nameKey): without regard to case and to space around words.

/** The code of the first condition that an event does not meet; undefined when it meets all. */
export type OnlyIfJudge = (event: EventRecord) => DecisionCode | undefined

type Compiled = {
  condition: OnlyIf
  /** Why the event does not meet it, or undefined. */
  refuse: (facts: Facts) => DecisionCode | undefined
  /** What the event has in place of what is asked for, as it was sent. */
  carried: (event: EventRecord) => string[]
}

/** Made once for a configuration. Null: there are no further conditions, and nothing to judge. */
export function compileOnlyIf(conditions: readonly OnlyIf[]): OnlyIfJudge | null {
  if (conditions.length === 0) return null
  const compiled = conditions.map(compile)
  return (event) => {
    const facts = factsOf(event)
    for (const { refuse } of compiled) {
      const code = refuse(facts)
      if (code) return code
    }
    return undefined
  }
}

/** The first condition that an event does not meet, and what the event has instead: values as they were sent. */
export function findUnmet(
  event: EventRecord,
  conditions: readonly OnlyIf[],
): { condition: OnlyIf; carried: string[] } | undefined {
  const facts = factsOf(event)
  const unmet = conditions.map(compile).find(({ refuse }) => refuse(facts))
  return unmet && { condition: unmet.condition, carried: unmet.carried(event) }
}

/** Throws on a kind of a newer hub: leaving it out would call for events that nobody asked for. */
function compile(condition: OnlyIf): Compiled {
  switch (condition.kind) {
    case 'comment':
      return { condition, refuse: ({ comment }) => (comment ? undefined : 'no-comment'), carried: () => [] }
    case 'tag': {
      const wanted = condition.values.map(nameKey)
      return {
        condition,
        refuse: ({ tags }) =>
          tags.size === 0 ? 'no-tag' : wanted.some((tag) => tags.has(tag)) ? undefined : 'tag-not-chosen',
        carried: ({ feedback }) => feedback?.tags ?? [],
      }
    }
    case 'country': {
      const wanted = new Set(condition.values.map(nameKey))
      return {
        condition,
        refuse: ({ country }) =>
          country === '' ? 'no-country' : wanted.has(country) ? undefined : 'country-not-chosen',
        carried: (event) => [customerOf(event)?.country ?? ''],
      }
    }
    case 'language': {
      const wanted = condition.values.map(languageTag)
      return {
        condition,
        refuse: ({ locale }) =>
          locale === ''
            ? 'no-language'
            : wanted.some((range) => isWithin(locale, range))
              ? undefined
              : 'language-not-chosen',
        carried: (event) => [customerOf(event)?.locale ?? ''],
      }
    }
    case 'answer': {
      const question = nameKey(condition.question)
      const wanted = condition.values.map(nameKey)
      return {
        condition,
        refuse: ({ answers }) => {
          const given = answers.get(question)
          if (!given) return 'question-not-answered'
          return wanted.some((answer) => given.has(answer)) ? undefined : 'answer-not-chosen'
        },
        carried: ({ feedback }) =>
          (feedback?.answers ?? []).flatMap(({ title, response }) =>
            nameKey(title) === question ? textsOf(response) : [],
          ),
      }
    }
    case 'property': {
      const { name } = condition
      const wanted = nameKey(condition.value)
      const readValue = (properties: object | undefined) =>
        properties && Object.hasOwn(properties, name)
          ? scalarText((properties as Record<string, unknown>)[name])
          : undefined
      return {
        condition,
        refuse: ({ properties }) => {
          const value = readValue(properties)
          if (value === undefined) return 'no-property'
          return nameKey(value) === wanted ? undefined : 'property-not-equal'
        },
        carried: (event) => [readValue(subjectOf(event)?.properties) ?? ''],
      }
    }
    default:
      throw new Error(`this version of the hub does not know the condition ${(condition as { kind: string }).kind}`)
  }
}

/** What of an event is compared, as `nameKey` writes it. */
type Facts = {
  comment: boolean
  tags: ReadonlySet<string>
  country: string
  locale: string
  /** The answers to each question. A list is several answers. */
  answers: ReadonlyMap<string, ReadonlySet<string>>
  properties: object | undefined
}

// An event may be judged for 10,000 webhooks, and holds 256 KiB of text: its texts are prepared once.
const known = new WeakMap<EventRecord, Facts>()

function factsOf(event: EventRecord): Facts {
  let facts = known.get(event)
  if (!facts) {
    facts = readFacts(event)
    known.set(event, facts)
  }
  return facts
}

function readFacts(event: EventRecord): Facts {
  const { feedback } = event
  const customer = customerOf(event)
  const answers = new Map<string, Set<string>>()
  for (const { title, response } of feedback?.answers ?? []) {
    const given = textsOf(response).map(nameKey)
    if (given.length === 0) continue
    const question = nameKey(title)
    answers.set(question, new Set([...(answers.get(question) ?? []), ...given]))
  }
  return {
    comment: (feedback?.comment ?? '').trim() !== '',
    tags: new Set((feedback?.tags ?? []).map(nameKey).filter((tag) => tag !== '')),
    country: nameKey(customer?.country ?? ''),
    locale: languageTag(customer?.locale ?? ''),
    answers,
    properties: subjectOf(event)?.properties,
  }
}

const subjectOf = ({ feedback, decline, message }: EventRecord) => feedback ?? decline ?? message
const customerOf = (event: EventRecord) => subjectOf(event)?.customer

/** The values of an answer or a property as texts: one of a text, a number, true or false; those inside of a list. */
const textsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((one) => scalarText(one) ?? [])

/** Undefined for nothing, an empty text, a list and an object. */
function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** "en_GB" as "en-gb". */
const languageTag = (text: string): string => nameKey(text).replaceAll('_', '-')

/** Basic filtering of RFC 4647, 3.3.1: the range "en" takes en and en-GB, the range "en-gb" does not take en. */
const isWithin = (tag: string, range: string) => tag === range || tag.startsWith(`${range}-`)
