import { LRUCache } from 'lru-cache'
import type pg from 'pg'

// Most feedback is new: its group can be stored in one statement, without locking anything first (ingest-group.ts).

const remembered = 20_000
/** After a group that was wrongly taken for new: how long no other is. */
const pauseMs = 1_000
const numbersAtATime = 500

export type NewFeedback = ReturnType<typeof openNewFeedback>

/** Which feedback may be new, and the numbers for it. */
export function openNewFeedback() {
  const seen = new LRUCache<string, true>({ max: remembered })
  let pausedUntil = Number.NEGATIVE_INFINITY
  let numbers: number[] = []
  return {
    /** Whether none of this feedback was seen here lately. From now on, it was. `marks`: as `feedbackMark` makes them. */
    mayBeNew(marks: ReadonlySet<string>): boolean {
      let known = performance.now() < pausedUntil
      for (const mark of marks) {
        known ||= seen.has(mark)
        seen.set(mark, true)
      }
      return !known
    },

    /** A group was taken for new, and was not. */
    wasKnown(): void {
      pausedUntil = performance.now() + pauseMs
    },

    /** Integers that no other feedback has, in growing order. The process takes hundreds at a time; some are never used. */
    async takeNumbers(db: Pick<pg.ClientBase, 'query'>, count: number): Promise<number[]> {
      while (numbers.length < count) {
        const { rows } = await db.query<{ taken: number[] }>({
          name: 'feedback-numbers',
          text: `select array(select nextval('feedback_number_seq') from generate_series(1, ${numbersAtATime}))::float8[] as taken`,
        })
        numbers = [...numbers, ...(rows[0]?.taken ?? [])]
      }
      return numbers.splice(0, count)
    },
  }
}
