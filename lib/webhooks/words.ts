import type { EventType } from '../events/event-types'
import type { Condition, Rule } from './webhook-schema'

// A rule in words, as the list and the form show it (seed 000: the columns When and Where).

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
  }
}

/** The whole rule as one sentence, for the form. With a rating chosen only feedback can match. */
export function ruleWords({ events, condition }: Rule): string {
  if (events.length === 0) return 'Never: choose at least one event.'
  const rated = condition.kind !== 'any'
  if (rated && chosenRatings(condition).length === 0) return 'Never: choose at least one rating.'
  const happenings = [
    subjectWords('feedback', events),
    !rated && events.includes('survey.declined') && 'a survey is declined',
    !rated && subjectWords('message', events)?.replace('Message', 'a message'),
  ].filter((words) => typeof words === 'string')
  if (happenings.length === 0) return 'Never: declined surveys and messages carry no rating.'
  const where = rated ? `where the ${lowerFirst(whereWords(condition))}` : 'regardless of rating'
  return `Call the URL when ${orWords(happenings.map(lowerFirst))}, ${where}.`
}

const chosenRatings = (condition: Exclude<Condition, { kind: 'any' }>) =>
  condition.kind === 'nps' ? condition.scores : condition.ratings
const lowerFirst = (text: string) => (text.startsWith('NPS') ? text : text.charAt(0).toLowerCase() + text.slice(1))
const orWords = (words: string[]) =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
