import type { EventType } from '../events/event-types'
import type { FormatKey } from '../formats/format'
import { formats } from '../formats/formats'
import type { WebhookForEdit } from './webhook-queries'
import type { Condition, WebhookFormInput } from './webhook-schema'

// What the form holds when it opens, and what a choice in it brings with it. Pure.

/** The events of a format that are ticked at first. */
export const tickedEvents = (format: FormatKey): EventType[] =>
  formats[format].offers.flatMap(({ type, ticked }) => (ticked ? [type] : []))

/** A condition just chosen: every box ticked. */
export function fullCondition(kind: Condition['kind']): Condition {
  switch (kind) {
    case 'any':
      return { kind }
    case 'nps':
      return { kind, scores: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }
    default:
      return { kind, ratings: [1, 2, 3, 4, 5] }
  }
}

type Values = Required<WebhookFormInput>

/** A new form, of the form's default format. */
export function newFormValues(format: FormatKey = 'feefo'): Values {
  return {
    name: '',
    events: tickedEvents(format),
    condition: fullCondition('any'),
    url: '',
    format,
    authentication: 'account-key',
    basicUser: '',
    basicPassword: '',
    secret: '',
    retries: formats[format].retries,
    timeoutSeconds: 5,
    headers: [],
  }
}

/** The form of an edit: secrets stay empty, which keeps them. */
export const editFormValues = (webhook: WebhookForEdit): Values => ({
  name: webhook.name,
  events: webhook.rule.events,
  condition: webhook.rule.condition,
  url: webhook.url,
  format: webhook.format,
  authentication: webhook.authentication,
  basicUser: webhook.basicUser ?? '',
  basicPassword: '',
  secret: '',
  retries: webhook.retries,
  timeoutSeconds: webhook.timeoutSeconds,
  headers: webhook.headerNames.map((name) => ({ name, value: '', kept: true })),
})

/**
 * What changes with the format: events it does not offer go (untouched defaults become its own), a condition it does not
 * offer falls back to any, untouched retries become its own.
 */
export function valuesOfFormat(values: Pick<Values, 'format' | 'events' | 'condition' | 'retries'>, format: FormatKey) {
  const next = formats[format]
  const untouched = sameEvents(values.events, tickedEvents(values.format))
  const offered = values.events.filter((type) => next.offers.some((offer) => offer.type === type))
  return {
    events: untouched || offered.length === 0 ? tickedEvents(format) : offered,
    condition: next.conditions.includes(values.condition.kind) ? values.condition : fullCondition('any'),
    retries: values.retries === formats[values.format].retries ? next.retries : values.retries,
  }
}

const sameEvents = (one: readonly EventType[], other: readonly EventType[]) =>
  one.length === other.length && one.every((type) => other.includes(type))
