import { type Live, live } from '../calls/live-calls'
import type { Queryable } from '../db/client'
import { readDone, type StepsDone } from './first-steps'

const read = live<{ accountId: string }, StepsDone>((db, { accountId }) => readDone(db, accountId))

/** Which of the first steps are done, and its ETag. The answer is at most a second old. */
export const liveSteps = (db: Queryable, accountId: string): Promise<Live<StepsDone>> => read(db, { accountId })
