import type { FormatKey } from '../formats/format'
import type { OnlyIf } from '../webhooks/only-if-schema'
import type { Rule } from '../webhooks/webhook-schema'
import type { IncomingEvent } from './event-schema'
import { sampleEvent } from './sample-events'

// A first event to send by hand: as short as may be, and one that the person's own WebHook wants.

export type ExampleFor = {
  format: FormatKey
  rule: Rule
  onlyIf: OnlyIf[]
  /** The key of a source that it listens to; undefined: it listens to all. */
  sourceKey: string | undefined
}

const plain = {
  id: 'first-feedback',
  service: { rating: 5, title: 'Fast and kind', text: 'Two days from order to door.' },
  customer: { displayName: 'Priya', location: 'Leeds' },
}

/** An event that this WebHook matches. Without one: some feedback. */
export function exampleEvent(webhook?: ExampleFor): IncomingEvent & { id: string } {
  const { rule, format, onlyIf = [], sourceKey = 'first-steps' } = webhook ?? {}
  const wanted = rule?.events.find((type) => type === 'feedback.created' || type === 'feedback.updated')
  const type = wanted ?? rule?.events[0] ?? 'feedback.created'
  const source = { key: sourceKey }
  if (!wanted && rule) return { ...sampleEvent(type), id: 'first-event', source } as IncomingEvent & { id: string }
  const feedback: Record<string, unknown> = { ...plain, ...ratedAs(rule?.condition) }
  if (format === 'customer-thermometer') feedback.temperature ??= 'gold'
  if (format === 'rateup') feedback.answers = [{ type: 'Rating', title: 'Please rate us?', response: 5 }]
  for (const condition of onlyIf) meet(condition, feedback)
  return { type, id: 'first-event', source, feedback } as IncomingEvent & { id: string }
}

/** The ratings that a condition wants. */
function ratedAs(condition: Rule['condition'] | undefined): Record<string, unknown> {
  switch (condition?.kind) {
    case 'service':
      return { service: { ...plain.service, rating: condition.ratings.at(-1) } }
    case 'product':
      return { products: [{ title: 'Brass desk lamp', rating: condition.ratings.at(-1) }] }
    case 'nps':
      return { nps: { score: condition.scores.at(-1) } }
    case 'thermometer': {
      const [temperature, part] = condition.boxes[0]?.split('.') ?? []
      return {
        temperature,
        ...(part === 'comment' && { comment: 'Still broken' }),
        ...(part === 'driver' && { drivers: ['Speed'] }),
      }
    }
    default:
      return {}
  }
}

function meet(condition: OnlyIf, feedback: Record<string, unknown>): void {
  const customer = feedback.customer as Record<string, unknown>
  switch (condition.kind) {
    case 'comment':
      feedback.comment ??= 'Two days from order to door.'
      break
    case 'tag':
      feedback.tags = [...((feedback.tags as string[]) ?? []), condition.values[0]]
      break
    case 'country':
      feedback.customer = { ...customer, country: condition.values[0] }
      break
    case 'language':
      feedback.customer = { ...customer, locale: condition.values[0] }
      break
    case 'answer':
      feedback.answers = [
        ...((feedback.answers as unknown[]) ?? []),
        { type: 'Text', title: condition.question, response: condition.values[0] },
      ]
      break
    case 'property':
      feedback.properties = { ...(feedback.properties as object), [condition.name]: condition.value }
      break
  }
}
