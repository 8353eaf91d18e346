import type pg from 'pg'
import type { Log } from '../log'
import { queueChannel } from './queue'

const atMostEveryMs = 5

/**
 * Tells drainers in other processes that there are due rows. Outside the insert's transaction and debounced: NOTIFY
 * takes a global lock at commit, and inside it cut concurrent ingest 2.7 times. A lost notice costs one poll.
 */
export function openNotifier(db: pg.Pool, log: Log): () => void {
  let timer: NodeJS.Timeout | undefined
  let last = 0
  return () => {
    if (timer) return
    timer = setTimeout(
      () => {
        timer = undefined
        last = performance.now()
        db.query({ name: 'notify', text: `select pg_notify('${queueChannel}', '')` }).catch((error: Error) => {
          log.warn({ error: error.message }, 'drainers were not told; they look by themselves within a second')
        })
      },
      Math.max(0, last + atMostEveryMs - performance.now()),
    )
  }
}
