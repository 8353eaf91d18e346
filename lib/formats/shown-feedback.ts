import type { FeedbackRecord } from '../events/event-record'
import { showId } from '../type-id'

/** A whole feedback as receivers see it: the platform's own fields, our public id as TypeID, none of our integers. */
export function shownFeedback({ publicId, number: _, ...feedback }: FeedbackRecord) {
  return { ...feedback, reviewId: showId('feedback', publicId) }
}
