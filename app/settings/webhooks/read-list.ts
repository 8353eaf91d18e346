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

// What the page of WebHooks shows, read in two rounds.

/** With many WebHooks the list has few rows and no first steps are told: the recent calls stay in reach. */
const fewRows = 5
/** No retry goes on for longer after its event, in milliseconds. */
const formerFor = 14 * 86_400_000

/** `saved` is the id of the WebHook that was just saved: the page that lists it is read. */
export async function readList({ account, role }: Authorised, address: Record<string, string | string[] | undefined>) {
  const admin = mayAct(role, 'admin')
  const search = typeof address.search === 'string' ? address.search.slice(0, 200) : ''
  const long = address.list === 'long'
  const total = await countWebhooks(db(), account.id)
  const many = total > manyWebhooks
  const size = many && !long ? fewRows : undefined
  const saved = typeof address.saved === 'string' ? readId('webhook', address.saved) : undefined
  const cursor =
    readPageCursor(address, readNumber) ?? (saved ? await pageWith(db(), account.id, saved, size) : undefined)
  const [key, applied, page, calls, steps] = await Promise.all([
    readPreSharedKeyState(db(), account.id),
    accountKeyWebhooks(db(), account.id),
    readWebhookPage(db(), account.id, { search, cursor, size, wholeUrls: admin }),
    liveCalls(db(), account.id, admin),
    admin && !many ? readFirstSteps(db(), account.id) : undefined,
  ])
  const listed = page.rows.map(({ id }) => id)
  const [sources, states, bars, former] = await Promise.all([
    sourcesOfWebhooks(db(), account.id, listed),
    readShownStates(db(), account.id, listed),
    readDayBars(db(), account.id, listed),
    key && key.since.getTime() > hubTime() - formerFor ? waitingWithKey(db(), account.id, 'former') : undefined,
  ])
  const keyState = { since: key?.since.toISOString(), webhooks: applied, former }
  return { many, saved, keyState, calls, steps, list: { page, sources, states, bars, total, search, long } }
}
