import type { EventType } from '../events/event-types'
import type { FormatKey } from '../formats/format'
import { formats } from '../formats/formats'
import { isAuthorization } from './header-schema'
import { copyName } from './name-schema'
import { thermometerBoxes } from './thermometer'
import type { WebhookForEdit } from './webhook-queries'
import { type Condition, thermometerEvents, type WebhookFormInput } from './webhook-schema'

// The values of the form when it opens, and the values that a choice in it changes. Pure.

/** The events of a format that are ticked in a new form. */
export const tickedEvents = (format: FormatKey): EventType[] =>
  formats[format].offers.flatMap(({ type, ticked }) => (ticked ? [type] : []))

/** The value of a condition when it is chosen: every box ticked. */
export function fullCondition(kind: Condition['kind']): Condition {
  switch (kind) {
    case 'any':
      return { kind }
    case 'nps':
      return { kind, scores: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }
    case 'thermometer':
      return { kind, boxes: [...thermometerBoxes] }
    default:
      return { kind, ratings: [1, 2, 3, 4, 5] }
  }
}

type Values = Required<WebhookFormInput>

/** The values of a new form. */
export function newFormValues(format: FormatKey = 'feefo'): Values {
  return {
    name: '',
    events: tickedEvents(format),
    condition: fullCondition(formats[format].conditions[0] ?? 'any'),
    onlyIf: [],
    url: '',
    format,
    encoding: formats[format].encodings[0] ?? 'json',
    sources: { kind: 'all' },
    authentication: 'account-key',
    basicUser: '',
    basicPassword: '',
    ownHeader: '',
    secret: '',
    retries: formats[format].retries,
    ratePerMinute: null,
    timeoutSeconds: 5,
    success: '2xx',
    headers: [],
  }
}

/** The values of an edit form. Secrets are empty, which keeps the stored ones. */
export const editFormValues = (webhook: WebhookForEdit): Values => ({
  name: webhook.name,
  events: webhook.rule.events,
  condition: webhook.rule.condition,
  onlyIf: webhook.onlyIf,
  url: webhook.url,
  format: webhook.format,
  encoding: webhook.encoding,
  sources: webhook.sourceIds ? { kind: 'chosen', ids: webhook.sourceIds } : { kind: 'all' },
  authentication: webhook.authentication,
  basicUser: webhook.basicUser ?? '',
  basicPassword: '',
  ownHeader: '',
  secret: '',
  retries: webhook.retries,
  ratePerMinute: webhook.ratePerMinute,
  timeoutSeconds: webhook.timeoutSeconds,
  success: webhook.success,
  headers: customNames(webhook).map((name) => ({ name, value: '', kept: true })),
})

/** The custom headers: Authorization has its place under Authentication. */
const customNames = ({ headerNames }: WebhookForEdit) => headerNames.filter((name) => !isAuthorization(name))

/** The events after the condition changes to `next`: a thermometer fixes them, and leaving it restores the format's own. */
export function eventsOfCondition(values: Pick<Values, 'format' | 'events' | 'condition'>, next: Condition['kind']) {
  if (next === 'thermometer') return thermometerEvents
  return values.condition.kind === 'thermometer' ? tickedEvents(values.format) : values.events
}

/**
 * The values that change with the format. Events that it does not offer are dropped; unchanged defaults become its own. A
 * condition or an encoding that it does not offer is replaced by its first one. Unchanged retries become its own.
 */
export function valuesOfFormat(
  values: Pick<Values, 'format' | 'events' | 'condition' | 'retries'> & Pick<WebhookFormInput, 'encoding'>,
  format: FormatKey,
) {
  const next = formats[format]
  const untouched = values.condition.kind === 'thermometer' || sameEvents(values.events, tickedEvents(values.format))
  const offered = values.events.filter((type) => next.offers.some((offer) => offer.type === type))
  return {
    events: untouched || offered.length === 0 ? tickedEvents(format) : offered,
    condition: next.conditions.includes(values.condition.kind)
      ? values.condition
      : fullCondition(next.conditions[0] ?? 'any'),
    encoding: next.encodings.find((offered) => offered === values.encoding) ?? next.encodings[0] ?? 'json',
    retries: values.retries === formats[values.format].retries ? next.retries : values.retries,
  }
}

/**
 * The values of a new form that copies another webhook in another format. `secret` is the new webhook's own. Passwords and
 * header values are not copied: those fields are left empty.
 */
export function copiedFormValues(webhook: WebhookForEdit, format: FormatKey, secret: string): Values {
  const values = editFormValues(webhook)
  return {
    ...values,
    ...valuesOfFormat(values, format),
    name: copyName(webhook.name),
    format,
    secret,
    headers: customNames(webhook).map((name) => ({ name, value: '', kept: false })),
  }
}

/** The format that "Duplicate as another format" starts with. */
export const otherFormat = (format: FormatKey): FormatKey => (format === 'standard' ? 'feefo' : 'standard')

const sameEvents = (one: readonly EventType[], other: readonly EventType[]) =>
  one.length === other.length && one.every((type) => other.includes(type))
