import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Log } from '../../log'

/** The channel on which drainers are told of due rows. */
export const queueChannel = 'hearback_queue'

const atMostEveryMs = 5
/** For a process that drains what it queues: other drainers only help, and each notice costs a statement. */
const helpersAtMostEveryMs = 25

/** The payload of notices that the sending process itself ignores. */
export const ownNotice: string = randomUUID()

/**
 * Returns a function that tells drainers of other processes that rows are due. The NOTIFY is debounced and sent outside
 * the insert's transaction: it takes a global lock at commit, which cut concurrent ingest 2.7 times. A lost notice costs
 * at most one poll (1 s). `drainsItself`: this process has a drain, which is woken without a notice.
 */
export function openNotifier(db: pg.Pool, log: Log): (drainsItself: boolean) => void {
  let timer: NodeJS.Timeout | undefined
  let last = 0
  return (drainsItself) => {
    if (timer) return
    const everyMs = drainsItself ? helpersAtMostEveryMs : atMostEveryMs
    const values = [drainsItself ? ownNotice : '']
    timer = setTimeout(
      () => {
        timer = undefined
        last = performance.now()
        db.query({ name: 'notify', text: `select pg_notify('${queueChannel}', $1)`, values }).catch((error: Error) => {
          log.warn({ error: error.message }, 'could not notify drainers; their poll finds the rows within a second')
        })
      },
      Math.max(0, last + everyMs - performance.now()),
    )
  }
}
