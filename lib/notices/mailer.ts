import type pg from 'pg'
import type { Log } from '../log'
import type { Mail } from './open-mail'
import { sendDueMail } from './send-due-mail'

const tickMs = 5000

export type RunningMailer = { stop(): Promise<void> }

/** Mails notices as they fall due. Stopping waits for the mail that is being sent. */
export function startMailer({ db, mail, log }: { db: pg.Pool; mail: Mail; log: Log }): RunningMailer {
  let stopping = false
  let sending: Promise<unknown> | undefined
  const look = () => {
    sending ??= sendDueMail(db, mail, log, () => stopping)
      .catch((error: Error) => log.warn({ error: error.message }, 'could not look for mail; trying again in 5 s'))
      .finally(() => {
        sending = undefined
      })
  }
  const timer = setInterval(look, tickMs)
  look()
  return {
    async stop() {
      stopping = true
      clearInterval(timer)
      await sending
    },
  }
}
