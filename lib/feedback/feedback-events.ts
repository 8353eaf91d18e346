import type { Queryable } from '../db/client'
import { fetchPage, type Page, type PageCursor } from '../db/fetch-page'
import { type DecisionPage, readDecisionPage } from '../events/decision-page'
import { type KeptEvent, readEvents } from '../events/event-queries'
import { latestEventIds } from '../events/subject-events'
import type { StoredFeedback } from './read-feedback'

const pageSize = 10
/** Of a feedback with more events, the latest are listed. */
const feedbackEventsAtMost = 500
const decisionsAtMost = 12

/** An event of a feedback with the decisions of its time, those that fired first, and with what became of them. */
export type FeedbackEvent = { event: KeptEvent; decisions: DecisionPage }
export type FeedbackEventPage = Page<FeedbackEvent, string>

/** One page of the events of a feedback, newest first. Its cursors are event ids. */
export async function readFeedbackEvents(
  db: Queryable,
  accountId: string,
  { externalId }: Pick<StoredFeedback, 'externalId'>,
  cursor?: PageCursor<string>,
): Promise<FeedbackEventPage> {
  const all = await latestEventIds(db, accountId, externalId, { atMost: feedbackEventsAtMost, feedbackOnly: true })
  const page = await fetchPage<KeptEvent, string>(
    cursor,
    pageSize,
    (event) => event.id,
    async ({ from, backward, limit }) => {
      const ordered = backward ? all.toReversed() : all
      const beyond = ordered.filter((each) => from === undefined || (backward ? each > from : each < from))
      const rows = await readEvents(db, accountId, beyond.slice(0, limit))
      return { rows: backward ? rows.reverse() : rows }
    },
  )
  const rows: FeedbackEvent[] = await Promise.all(
    page.rows.map(async (event) => ({
      event,
      decisions: await readDecisionPage(db, accountId, event, { size: decisionsAtMost }),
    })),
  )
  return { ...page, rows }
}
