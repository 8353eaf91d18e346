import type { FormatKey } from '../formats/format'
import { formats } from '../formats/formats'
import type { OnlyIf } from '../webhooks/only-if-schema'
import { thermometerParts } from '../webhooks/thermometer'
import type { Rule } from '../webhooks/webhook-schema'
import { whenWords, whereWords } from '../webhooks/words'
import { type DecisionReason, decisionWords, unmetWords } from './decision-words'
import type { EventParts, EventRecord, FeedbackPart } from './event-record'
import type { Feedback } from './event-schema'
import type { EventType } from './event-types'
import { eventTypeWords, subjectWords } from './event-words'
import { findUnmet } from './only-if'

// A decision with the values that it was made on: what the event has, and what the rule wants. Pure.

/** The webhook as it was judged. */
export type JudgedWebhook = {
  rule: Rule
  onlyIf: OnlyIf[]
  format: FormatKey
  /** Unix milliseconds. */
  registeredAt: number
  /** The sources that it listens to now; null: all. */
  sources: { ids: readonly string[]; names: readonly string[] } | null
}

type JudgedEvent = { type: EventType; subjectId: string; record: EventRecord | null; parts: EventParts | null }

/** "Service rating is 4; this rule wants 1/2." Of an event whose customer was erased, the reason alone. */
export function decisionSentence(reason: DecisionReason, event: JudgedEvent, webhook: JudgedWebhook): string {
  return sentenceOf(reason, event, webhook) ?? decisionWords(reason)
}

function sentenceOf(reason: DecisionReason, event: JudgedEvent, webhook: JudgedWebhook): string | undefined {
  const { type, record, parts } = event
  const { rule, onlyIf, format, registeredAt } = webhook
  switch (reason) {
    // What is said of these was not erased.
    case 'not-offered':
      return `Its format, ${formats[format].label}, does not send “${eventTypeWords[type]}”.`
    case 'registered-later':
      return `It was registered at ${utcWords(registeredAt)}, after the event came in.`
    case 'event-not-chosen':
      return `This is “${eventTypeWords[type]}”; this rule wants “${whenWords(rule.events)}”.`
    case 'unknown-feedback':
      return `The deleted feedback “${cut(event.subjectId)}” was never stored here, so there is nothing to judge or to send.`
  }
  if (!record) return undefined
  const { feedback = {} } = record as { feedback?: Partial<Feedback> }
  switch (reason) {
    case 'matched':
      return matchedWords(feedback, rule)
    case 'source-not-chosen':
      return sourceWords(record, webhook)
    case 'regardless-only':
      return `${subjectWords(type) === 'Message' ? 'A message' : 'A declined survey'} carries no rating; this rule wants “${whereWords(rule.condition)}”.`
    case 'no-service-rating':
      return `The event carries no service rating; this rule wants ${wanted(rule)}.`
    case 'no-product-rating':
      return `The event carries no product rating; this rule wants ${wanted(rule)}.`
    case 'no-nps-score':
      return `The event carries no NPS score; this rule wants ${wanted(rule)}.`
    case 'service-rating-not-chosen':
    case 'product-rating-not-chosen':
    case 'nps-score-not-chosen':
    case 'temperature-not-chosen':
      return `${carried(feedback, rule)}; this rule wants ${wanted(rule)}.`
    case 'no-temperature':
      return `The feedback has no temperature; this rule wants ${wanted(rule)}.`
    case 'part-not-new':
      return partWords(feedback, parts, rule)
    case 'no-score':
      return `The feedback has neither an NPS score nor a service rating; its format, ${formats[format].label}, sends nothing without one.`
    case 'no-answers':
      return `The feedback has no answers; its format, ${formats[format].label}, sends nothing without them.`
  }
  const unmet = ofOnlyIf.has(reason) && findUnmet(record, onlyIf)
  return unmet ? unmetWords(unmet) : undefined
}

const ofOnlyIf: ReadonlySet<DecisionReason> = new Set([
  'no-comment',
  'no-tag',
  'tag-not-chosen',
  'no-country',
  'country-not-chosen',
  'no-language',
  'language-not-chosen',
  'question-not-answered',
  'answer-not-chosen',
  'no-property',
  'property-not-equal',
])

function matchedWords(feedback: Partial<Feedback>, rule: Rule): string {
  if (rule.condition.kind === 'any') return 'This rule fires regardless of rating, so a delivery was made.'
  return `${carried(feedback, rule)}; this rule wants ${wanted(rule)}. A delivery was made.`
}

/** "Service rating is 4": the value that the rule asks for, as the event has it. */
function carried({ service, products = [], nps, temperature }: Partial<Feedback>, { condition }: Rule): string {
  switch (condition.kind) {
    case 'service':
      return `Service rating is ${service?.rating ?? 'not there'}`
    case 'product': {
      const ratings = [...new Set(products.flatMap(({ rating }) => rating ?? []))]
      return ratings.length === 1 ? `Product rating is ${ratings[0]}` : `Product ratings are ${ratings.join('/')}`
    }
    case 'nps':
      return `NPS score is ${nps?.score ?? 'not there'}`
    case 'thermometer':
      return `Temperature is ${temperature ?? 'not there'}`
    case 'any':
      return 'Ratings do not matter'
  }
}

/** "1/2", "Red: comment": what the rule wants there. */
function wanted({ condition }: Rule): string {
  switch (condition.kind) {
    case 'service':
    case 'product':
      return condition.ratings.join('/')
    case 'nps':
      return condition.scores.join('/')
    default:
      return whereWords(condition)
  }
}

const partOfBox = { response: 'temperature', comment: 'comment', driver: 'drivers' } as const
const boxWords = { response: 'rating', comment: 'comment', driver: 'drivers' } as const
const partState = (parts: EventParts | null, part: FeedbackPart) => (parts?.[part] === 'same' ? 'unchanged' : 'absent')

/** "Temperature is red; this rule then wants a comment that is new. Here: comment unchanged." */
function partWords({ temperature }: Partial<Feedback>, parts: EventParts | null, { condition }: Rule) {
  if (condition.kind !== 'thermometer' || !temperature) return undefined
  const chosen = thermometerParts.filter((part) => condition.boxes.includes(`${temperature}.${part}`))
  const here = chosen.map((part) => `${boxWords[part]} ${partState(parts, partOfBox[part])}`)
  const wants = chosen.map((part) => boxWords[part]).join(' or ')
  return `Temperature is ${temperature}; for it this rule wants a new or changed ${wants}. Here: ${here.join(', ')}.`
}

function sourceWords({ source }: EventRecord, { sources }: JudgedWebhook): string | undefined {
  if (!sources) return undefined
  const from = `The event came from “${cut(source.name)}”`
  // Links have no versions.
  if (sources.ids.includes(source.id)) return `${from}, which was not among its sources then. Now it is.`
  if (sources.names.length === 0) return `${from}, which is not among its chosen sources.`
  const more = sources.ids.length - sources.names.length
  const names = sources.names.map((name) => `“${cut(name)}”`).join(', ')
  return `${from}; this rule listens to ${names}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}.`
}

const utcWords = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
const cut = (text: string) => (text.length > 100 ? `${[...text].slice(0, 100).join('')}…` : text)
