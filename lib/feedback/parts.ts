import { isDeepStrictEqual } from 'node:util'
import type { EventParts, FeedbackPart } from '../events/event-record'
import type { Feedback } from '../events/event-schema'

const parts = ['service', 'products', 'nps', 'temperature', 'comment', 'drivers', 'answers'] as const

/** Compares each part of a feedback with its version before. Without one, every part is added. */
export function partsOf(before: Feedback | undefined, now: Feedback): EventParts {
  const found: EventParts = {}
  for (const part of parts) {
    if (isAbsent(now, part)) continue
    if (!before || isAbsent(before, part)) found[part] = 'added'
    else found[part] = isDeepStrictEqual(before[part], now[part]) ? 'same' : 'changed'
  }
  return found
}

function isAbsent(feedback: Feedback, part: FeedbackPart): boolean {
  const value = feedback[part]
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}
