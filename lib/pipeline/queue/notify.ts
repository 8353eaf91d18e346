import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type pg from 'pg'
import type { Queryable } from '../../db/client'
import { openDebounce } from '../../debounce'
import type { Log } from '../../log'

/** The channel on which drainers are told of due rows. */
export const queueChannel = 'hearback_queue'

const gapMs = 5
/** A process that drains what it queues waits longer: other drainers only help, and each notice costs a statement. */
const ownWaitMs = 25

/** The payload of notices that the sending process itself ignores. */
export const ownNotice: string = randomUUID()

/** The payload of notices of rows that may have been due for long, which a claim of the latest rows would not see. */
export const anyDueNotice = 'any'

/** Tells every drainer that rows are due. For what people do, not for each group of events. */
export async function notifyDrainers(db: Queryable): Promise<void> {
  await db.execute(sql`select pg_notify(${queueChannel}, ${anyDueNotice})`)
}

/**
 * Returns a function that tells drainers of other processes that rows are due. The NOTIFY is debounced and sent outside
 * the insert's transaction: it takes a global lock at commit, which cut concurrent ingest 2.7 times. A lost notice costs
 * at most one poll (1 s). `drainsItself`: this process has a drain, which is woken without a notice.
 */
function openNotifier(db: pg.Pool, log: Log): (drainsItself: boolean) => void {
  let payload = ''
  const notice = openDebounce(() => {
    const text = `select pg_notify('${queueChannel}', $1)`
    db.query({ name: 'notify', text, values: [payload] }).catch((error: Error) => {
      log.warn({ error: error.message }, 'could not notify drainers; their poll finds the rows within a second')
    })
  }, gapMs)
  return (drainsItself) => {
    payload = drainsItself ? ownNotice : ''
    notice.within(drainsItself ? ownWaitMs : 0)
  }
}

/**
 * Returns a function that wakes every drain because rows are due: the one of this process at once (`local`, undefined when
 * there is none), those of other processes by a notice.
 */
export function openDrainWaker(db: pg.Pool, log: Log, local: () => { wake(): void } | undefined): () => void {
  const notify = openNotifier(db, log)
  return () => {
    const own = local()
    own?.wake()
    notify(own !== undefined)
  }
}
