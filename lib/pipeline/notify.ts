import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Log } from '../log'
import { queueChannel } from './queue'

const atMostEveryMs = 5
/** Where this process drains what it queues: the others only help then, and each notice costs a statement. */
const helpersAtMostEveryMs = 25

/** The payload of the notices that need not wake the process they come from. */
export const ownNotice: string = randomUUID()

/**
 * Tells drainers in other processes that there are due rows. Outside the insert's transaction and debounced: NOTIFY
 * takes a global lock at commit, and inside it cut concurrent ingest 2.7 times. A lost notice costs one poll.
 * `drainsItself`: a drain of this process is woken without a notice.
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
          log.warn({ error: error.message }, 'drainers were not told; they look by themselves within a second')
        })
      },
      Math.max(0, last + everyMs - performance.now()),
    )
  }
}
