import type { EventType } from '../events/event-types'
import type { Encoding, FormatKey } from '../formats/format'
import { formats } from '../formats/formats'
import { terms } from '../terms'
import type { OnlyIf } from './only-if-schema'
import { onlyIfWords } from './only-if-words'
import { type ThermometerBox, temperatures, thermometerParts } from './thermometer'
import type { Authentication, Condition, Rule, Success } from './webhook-schema'

// A rule in words, as the list and the form show it (Feefo, “WebHooks”: the columns When and Where).

const verbs = ['created', 'updated', 'deleted'] as const

function subjectWords(subject: 'feedback' | 'message', events: readonly EventType[]): string | undefined {
  const happened = verbs.filter((verb) => events.includes(`${subject}.${verb}`))
  if (happened.length === 0) return undefined
  return `${subject === 'feedback' ? 'Feedback' : 'Message'} is ${happened.join('/')}`
}

/** "Feedback is created/updated": the column When. */
export function whenWords(events: readonly EventType[]): string {
  const parts = [
    subjectWords('feedback', events),
    events.includes('survey.declined') ? 'Survey is declined' : undefined,
    subjectWords('message', events),
  ]
  return parts.filter(Boolean).join(', ')
}

/** "Service rating is 1/2/3", or "-" regardless of rating: the column Where. */
export function whereWords(condition: Condition): string {
  switch (condition.kind) {
    case 'any':
      return '-'
    case 'service':
      return `Service rating is ${condition.ratings.join('/')}`
    case 'product':
      return `Product rating is ${condition.ratings.join('/')}`
    case 'nps':
      return `NPS rating is ${condition.scores.join('/')}`
    case 'thermometer':
      return thermometerWords(condition.boxes)
  }
}

/** "Red: comment" or "Gold: response/comment, Red: driver". */
function thermometerWords(boxes: readonly ThermometerBox[]): string {
  const parts = new Map<string, string[]>()
  for (const box of boxes) {
    const [temperature, part] = box.split('.') as [string, string]
    parts.set(temperature, [...(parts.get(temperature) ?? []), part])
  }
  const name = (temperature: string) => temperature.charAt(0).toUpperCase() + temperature.slice(1)
  return [...parts].map(([temperature, own]) => `${name(temperature)}: ${own.join('/')}`).join(', ')
}

const partWords = {
  response: 'the rating is given or changed',
  comment: 'a comment is added or changed',
  driver: 'drivers are added or changed',
} as const

/** When each temperature calls the URL; temperatures with the same parts share a clause. */
function thermometerSentence(boxes: readonly ThermometerBox[]): string {
  if (boxes.length === 0) return 'Never: tick at least one box.'
  const groups = new Map<string, string[]>()
  for (const temperature of temperatures) {
    const parts = thermometerParts.filter((part) => boxes.includes(`${temperature}.${part}`))
    const when = orWords(parts.map((part) => partWords[part]))
    if (parts.length > 0) groups.set(when, [...(groups.get(when) ?? []), temperature])
  }
  const clauses = [...groups].map(([when, own]) => `when ${when} on a ${orWords(own)} response`)
  return `Call the URL ${clauses.join(', or ')}.`
}

/** The rule as one sentence, for the form. A rule with a rating matches feedback only. */
export function ruleWords({ events, condition }: Rule, onlyIf: readonly OnlyIf[] = []): string {
  const sentence = whenAndWhere({ events, condition })
  if (onlyIf.length === 0 || sentence.startsWith('Never')) return sentence
  return `${sentence.slice(0, -1)}, and ${onlyIfWords(onlyIf)}.`
}

function whenAndWhere({ events, condition }: Rule): string {
  if (events.length === 0) return 'Never: choose at least one event.'
  if (condition.kind === 'thermometer') return thermometerSentence(condition.boxes)
  const rated = condition.kind !== 'any'
  if (rated && chosenBoxes(condition).length === 0) return 'Never: choose at least one rating.'
  const happenings = [
    subjectWords('feedback', events),
    !rated && events.includes('survey.declined') && 'a survey is declined',
    !rated && subjectWords('message', events)?.replace('Message', 'a message'),
  ].filter((words) => typeof words === 'string')
  if (happenings.length === 0) return 'Never: declined surveys and messages carry no rating.'
  const where = rated ? `where the ${lowerFirst(whereWords(condition))}` : 'regardless of rating'
  return `Call the URL when ${orWords(happenings.map(lowerFirst))}, ${where}.`
}

function chosenBoxes(condition: Exclude<Condition, { kind: 'any' }>): readonly unknown[] {
  if (condition.kind === 'thermometer') return condition.boxes
  return condition.kind === 'nps' ? condition.scores : condition.ratings
}
/**
 * How often a rule calls for a customer who clicks a rating and then writes (Customer Thermometer, “Webhooks”).
 * Undefined: never.
 */
export function clickThenWriteWords({ events, condition }: Rule): string | undefined {
  const story = 'When a customer clicks a rating and then writes, two events come in: created, then updated.'
  if (condition.kind === 'thermometer')
    return `${story} A box under Response calls the URL at the click, one under Comment when the words are there.`
  const created = events.includes('feedback.created')
  const updated = events.includes('feedback.updated')
  if (created && updated) return `${story} The URL is called for both.`
  if (created) return `${story} The URL is called for the first only, before the words are there.`
  if (updated) return `${story} The URL is called for the second only, once the words are there.`
  return undefined
}

/** The choices of Authentication, as the form names them. */
export const authenticationNames: Record<Authentication, string> = {
  'account-key': terms.preSharedKey.name,
  basic: 'Basic',
  'own-header': 'Own header',
  none: 'None',
}

/** Which answers are a success. */
export const successWords: Record<Success, string> = { '2xx': '2xx', '2xx-3xx': '2xx or 3xx' }

export const encodingWords: Record<Encoding, string> = { json: 'JSON', form: 'URL-encoded' }

/** "Wootric, URL-encoded"; the encoding only where there is a choice. */
export const formatWords = (format: FormatKey, encoding: Encoding): string =>
  formats[format].encodings.length > 1 ? `${formats[format].label}, ${encodingWords[encoding]}` : formats[format].label

const lowerFirst = (text: string) => (text.startsWith('NPS') ? text : text.charAt(0).toLowerCase() + text.slice(1))
const orWords = (words: string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
