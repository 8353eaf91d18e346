import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { keepHistory } from '../db/history-upkeep'
import { env } from '../env'
import { log } from '../log'
import { openMail } from '../notices/open-mail'
import { sendDueMail } from '../notices/send-due-mail'
import { startDrain } from '../pipeline/drain/start-drain'
import { sameText } from '../secrets/same-text'
import { json, problem } from './problem'
import type { Handler } from './route'

/**
 * Makes the handler of /api/cron/drain, for hosts that run no long process: it drains until HEARBACK_CRON_BUDGET_S
 * ends and says what it did. Without CRON_SECRET there is no such route.
 */
export const openCronDrain =
  (db: pg.Pool): Handler =>
  async (request) => {
    const settings = env()
    if (!settings.CRON_SECRET) return problem(404, 'Not found', 'CRON_SECRET is not set.')
    if (!sameText(request.headers.get('authorization') ?? '', `Bearer ${settings.CRON_SECRET}`))
      return problem(401, 'Not authorised', 'Send CRON_SECRET as "Authorization: Bearer …".', {
        headers: { 'www-authenticate': 'Bearer' },
      })
    await keepHistory(db, settings.HEARBACK_RETENTION_DAYS)
    const drain = startDrain({ db, settings, log: log() })
    await sleep(settings.HEARBACK_CRON_BUDGET_S * 1000)
    await drain.stop()
    await sendDueMail(db, openMail(settings), log())
    return json(drain.counts)
  }
