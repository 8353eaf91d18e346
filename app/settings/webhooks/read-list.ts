import { manyWebhooks } from '@/components/webhooks/webhook-list'
import type { Authorised } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { liveCalls } from '@/lib/calls/live-calls'
import { readDayBars } from '@/lib/charts/read-day-bars'
import { db } from '@/lib/db/client'
import { hubTime } from '@/lib/db/ids'
import { readNumber, readPageCursor } from '@/lib/http/page-cursor'
import { sourcesOfWebhooks } from '@/lib/sources/webhook-sources'
import { readId } from '@/lib/type-id'
import { accountKeyWebhooks } from '@/lib/webhooks/account-key-webhooks'
import { readFirstSteps } from '@/lib/webhooks/first-steps'
import { readPreSharedKeyState } from '@/lib/webhooks/pre-shared-key'
import { readShownStates } from '@/lib/webhooks/shown-state'
import { waitingWithKey } from '@/lib/webhooks/waiting-keys'
import { countWebhooks, pageWith, readWebhookPage } from '@/lib/webhooks/webhook-queries'

// What the page of WebHooks shows. What does not wait for another query is read at once.

/** With many WebHooks the list has few rows and no first steps are told: the recent calls stay in reach. */
const fewRows = 5
/** No retry goes on for longer after its event, in milliseconds. */
const formerFor = 14 * 86_400_000

/** `saved` is the id of the WebHook that was just saved: the page that lists it is read. */
export async function readList({ account, role }: Authorised, address: Record<string, string | string[] | undefined>) {
  const admin = mayAct(role, 'admin')
  const [keyState, calls, list] = await Promise.all([
    readKeyState(account.id),
    liveCalls(db(), account.id, admin),
    readRows(account.id, admin, address),
  ])
  return { keyState, calls, ...list }
}

async function readKeyState(accountId: string) {
  const [{ key, former }, webhooks] = await Promise.all([readKey(accountId), accountKeyWebhooks(db(), accountId)])
  return { since: key?.since.toISOString(), webhooks, former }
}

async function readKey(accountId: string) {
  const key = await readPreSharedKeyState(db(), accountId)
  const recent = key && key.since.getTime() > hubTime() - formerFor
  return { key, former: recent ? await waitingWithKey(db(), accountId, 'former') : undefined }
}

async function readRows(accountId: string, admin: boolean, address: Record<string, string | string[] | undefined>) {
  const search = typeof address.search === 'string' ? address.search.slice(0, 200) : ''
  const long = address.list === 'long'
  const saved = typeof address.saved === 'string' ? readId('webhook', address.saved) : undefined
  const total = await countWebhooks(db(), accountId)
  const many = total > manyWebhooks
  const size = many && !long ? fewRows : undefined
  const readCursor = async () =>
    readPageCursor(address, readNumber) ?? (saved ? await pageWith(db(), accountId, saved, size) : undefined)
  const readListed = async () => {
    const page = await readWebhookPage(db(), accountId, { search, cursor: await readCursor(), size, wholeUrls: admin })
    const ids = page.rows.map(({ id }) => id)
    const [sources, states, bars] = await Promise.all([
      sourcesOfWebhooks(db(), accountId, ids),
      readShownStates(db(), accountId, ids),
      readDayBars(db(), accountId, ids),
    ])
    return { page, sources, states, bars, total, search, long }
  }
  const [list, steps] = await Promise.all([readListed(), admin && !many ? readFirstSteps(db(), accountId) : undefined])
  return { many, saved, steps, list }
}
