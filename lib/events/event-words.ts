import type { EventParts, FeedbackPart } from './event-record'
import type { Feedback, Message } from './event-schema'
import type { EventType } from './event-types'

// Events in words for merchants. Pure functions.

/** The name of each event type. */
export const eventTypeWords: Record<EventType, string> = {
  'feedback.created': 'Feedback created',
  'feedback.updated': 'Feedback updated',
  'feedback.deleted': 'Feedback deleted',
  'survey.declined': 'Survey declined',
  'message.created': 'Message created',
  'message.updated': 'Message updated',
  'message.deleted': 'Message deleted',
}

/** What the event is about: "Feedback", "Declined survey" or "Message". */
export const subjectWords = (type: EventType): string =>
  type === 'survey.declined' ? 'Declined survey' : type.startsWith('message.') ? 'Message' : 'Feedback'

/** What was rated or said, such as "service 2, product 5/4, NPS 6, red, with a comment"; '' when nothing was. */
export function contentWords({ feedback, message }: { feedback?: Feedback; message?: Message }): string {
  if (message) return `${message.channel} message, ${message.status}`
  const products = (feedback?.products ?? []).flatMap(({ rating }) => rating ?? [])
  return [
    feedback?.service?.rating !== undefined && `service ${feedback.service.rating}`,
    products.length > 0 && `product ${[...new Set(products)].join('/')}`,
    feedback?.nps && `NPS ${feedback.nps.score}`,
    feedback?.temperature,
    feedback?.comment && 'with a comment',
    feedback?.drivers && feedback.drivers.length > 0 && `drivers ${feedback.drivers.join(', ')}`,
    feedback?.answers && `${feedback.answers.length} ${feedback.answers.length === 1 ? 'answer' : 'answers'}`,
  ]
    .filter(Boolean)
    .join(', ')
}

const partNames: Record<FeedbackPart, string> = {
  service: 'service',
  products: 'products',
  nps: 'NPS',
  temperature: 'temperature',
  comment: 'comment',
  drivers: 'drivers',
  answers: 'answers',
}

/** The parts that are new, such as "added: service, comment; changed: NPS"; '' when none is. */
export function partsWords(parts: EventParts | null): string {
  const those = (was: 'added' | 'changed') =>
    (Object.keys(partNames) as FeedbackPart[]).filter((part) => parts?.[part] === was).map((part) => partNames[part])
  const words = (['added', 'changed'] as const).map((was) => {
    const names = those(was)
    return names.length > 0 && `${was}: ${names.join(', ')}`
  })
  return words.filter(Boolean).join('; ')
}
