import type pg from 'pg'
import type { Log } from '../log'
import { joinVersionInForce } from '../webhooks/version-in-force'
import { noticeMail } from './notice-mail'
import { type Mail, MailRefusedError } from './open-mail'
import { type NoticeRow, readNotice } from './open-notices'

// Mails each notice once to the addresses that the account has set, or else to every owner and admin. A notice is claimed like a row of the queue: `mail_at` is its due
// time and its lease, `mail_tries` the fencing token. Each recipient is recorded right after the mail was sent
// (`told`), so that the death of a process or an outage of the server repeats at most one mail.

/** Longer than one mail may take. Renewed after each mail. */
const lease = `interval '5 minutes'`
/** An older notice is no longer mailed. */
const oldest = `interval '24 hours'`

/** Minutes until the next try, by the number of tries so far: 1, 2, 4, … 60. */
const waitMinutes = (tries: number): number => Math.min(2 ** (tries - 1), 60)

type Due = NoticeRow & {
  account_id: string
  id: string
  webhook_id: string
  tries: number
  account_name: string
  url: string
  /** The webhook has not been deleted. */
  there: boolean
}

const claimSql = `
  with due as (
    update notices set mail_tries = mail_tries + 1, mail_at = hub_now() + ${lease}
    where ctid = any(array(
      select ctid from notices where mail_at <= hub_now() order by mail_at, id limit 1 for update skip locked))
    returning *
  )
  select due.account_id, due.id, due.webhook_id, due.kind, due.detail, due.mail_tries as tries,
    (extract(epoch from due.at) * 1000)::float8 as at, a.name as account_name, v.name, v.url,
    w.deleted_at is null as there
  from due
  join accounts a on a.id = due.account_id
  join webhooks w on w.account_id = due.account_id and w.id = due.webhook_id
  ${joinVersionInForce}`

/**
 * Sends the due mail and returns how many mails were sent. Without `mail` it changes nothing. `stopped` is called
 * before each mail. A mail that fails is tried again later; an address that is refused for good is not.
 */
export async function sendDueMail(
  db: pg.Pool,
  mail: Mail | undefined,
  log: Log,
  stopped: () => boolean = () => false,
): Promise<number> {
  if (!mail) return 0
  await dropOld(db, log)
  let sent = 0
  for (let away = false; !away && !stopped(); ) {
    const [due] = (await db.query<Due>(claimSql)).rows
    if (!due) break
    const told = await mailToAll(db, mail, log, due, stopped)
    sent += told.sent
    away = told.away
    await scheduleNext(db, due, told)
  }
  return sent
}

type Told = {
  sent: number
  /** Minutes until the next try for the remaining recipients; null: there are none. */
  againInMinutes: number | null
  /** The server is unreachable or refuses all mail, so that no other notice is tried now. */
  away: boolean
}

async function mailToAll(db: pg.Pool, mail: Mail, log: Log, due: Due, stopped: () => boolean): Promise<Told> {
  const told: Told = { sent: 0, againInMinutes: null, away: false }
  const { id, webhook_id: webhookId, account_name: accountName, url } = due
  const notice = { ...readNotice(due), id, webhookId, accountName, url }
  for (const { user_id, email } of due.there ? await recipients(db, due) : []) {
    if (stopped()) return { ...told, againInMinutes: 0 }
    try {
      await mail.send(email, noticeMail(notice, mail.hubUrl, user_id === email ? 'address' : 'member'))
      told.sent++
    } catch (error) {
      const { code, command, responseCode } = error as { code?: string; command?: string; responseCode?: number }
      const refused = error instanceof MailRefusedError
      log.warn({ noticeId: due.id, userId: user_id, refused, code, command, responseCode }, 'a notice was not mailed')
      if (!refused) told.againInMinutes = waitMinutes(due.tries)
      if (!refused && command !== 'RCPT TO') return { ...told, away: true }
      if (!refused) continue
    }
    if (!(await markTold(db, due, user_id))) return told
  }
  return told
}

/**
 * Who has not got this notice yet: the addresses that the account has set, each as its own `user_id`, or owners and admins
 * in the order in which they joined.
 */
async function recipients(db: pg.Pool, { account_id, id }: Due): Promise<{ user_id: string; email: string }[]> {
  const text = `
    with untold as (
      select a.id, a.notice_addresses as addresses, coalesce(n.detail -> 'told', '[]') as told
      from accounts a join notices n on n.account_id = a.id and n.id = $2 where a.id = $1)
    select address as user_id, address as email, place::timestamptz as at from (
      select address, told, to_timestamp(n) as place from untold, unnest(addresses) with ordinality as u(address, n)) set
    where not told ? address
    union all
    select m.user_id, u.email, m.created_at from untold
    join members m on m.account_id = untold.id and m.role in ('owner', 'admin') and addresses = '{}'
    join users u on u.id = m.user_id
    where not told ? m.user_id
    order by at, user_id`
  return (await db.query(text, [account_id, id])).rows
}

/** Records a recipient and renews the lease. False: the lease expired and another process has claimed the notice. */
async function markTold(db: pg.Pool, { account_id, id, tries }: Due, userId: string): Promise<boolean> {
  const text = `
    update notices set mail_at = hub_now() + ${lease},
      detail = jsonb_set(detail, '{told}', coalesce(detail -> 'told', '[]') || to_jsonb($4::text))
    where account_id = $1 and id = $2 and mail_tries = $3`
  return (await db.query(text, [account_id, id, tries, userId])).rowCount === 1
}

async function scheduleNext(db: pg.Pool, { account_id, id, tries }: Due, { againInMinutes }: Told): Promise<void> {
  const text = `update notices set mail_at = hub_now() + $4::int * interval '1 minute'
    where account_id = $1 and id = $2 and mail_tries = $3`
  await db.query(text, [account_id, id, tries, againInMinutes])
}

async function dropOld(db: pg.Pool, log: Log): Promise<void> {
  const { rowCount } = await db.query(
    `update notices set mail_at = null where mail_at <= hub_now() and at < hub_now() - ${oldest}`,
  )
  if (rowCount) log.warn({ notices: rowCount }, 'gave up on notices that could not be mailed within 24 hours')
}
