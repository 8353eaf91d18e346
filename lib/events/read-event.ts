import { faultWords } from '../fault-words'
import { eventSchema, type IncomingEvent } from './event-schema'

/** What is wrong with an event, and where: `path` is '' for the event as a whole. "feedback.service.rating is above 5" */
export type EventFault = { path: string; message: string }

/** Parses an event, as ingest and test fires take it. */
export function readEvent(value: unknown): { event: IncomingEvent } | { fault: EventFault } {
  const result = eventSchema.safeParse(value, { error: faultWords })
  if (result.success) return { event: result.data }
  const { path, message } = deepest(result.error.issues[0] as Issue)
  return { fault: { path: path.map(String).join('.'), message } }
}

/** The fault as a sentence for a person. */
export const faultSentence = ({ path, message }: EventFault): string => `${path || 'The event'} ${message}.`

type Issue = { path: PropertyKey[]; message: string; code?: string; errors?: Issue[][] }

/** In a union, the fault of the alternative that came furthest says more than the union's own. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union' || !issue.errors?.length) return issue
  const inner = issue.errors
    .flat()
    .filter(({ path, code }) => path.length > 0 || code !== 'invalid_type')
    .sort((a, b) => b.path.length - a.path.length)[0]
  return inner ? deepest({ ...inner, path: [...issue.path, ...inner.path] }) : issue
}
