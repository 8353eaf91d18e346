import type { FeedbackRecord } from '../events/event-record'
import { showId } from '../type-id'

/** Feedback as receivers see it: the platform's fields and the public id as a TypeID, without the hub's integer id. */
export function shownFeedback({ publicId, number: _, ...feedback }: FeedbackRecord) {
  return { ...feedback, reviewId: showId('feedback', publicId) }
}
