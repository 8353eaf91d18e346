import type { HourBar } from '@/lib/charts/read-day-bars'
import type { WebhookSources } from '@/lib/sources/webhook-sources'
import { terms } from '@/lib/terms'
import type { ShownState } from '@/lib/webhooks/shown-state'
import type { WebhookPage } from '@/lib/webhooks/webhook-queries'
import { Link } from '../ui/link'
import { Pagination } from '../ui/pagination'
import { listAddress } from './list-address'
import type { WebhookListActions } from './webhook-list-actions'
import { WebhookSearch } from './webhook-search'
import { WebhookTable } from './webhook-table'

type Props = {
  page: WebhookPage
  /** The sources of each WebHook, by its id. */
  sources: ReadonlyMap<string, WebhookSources>
  /** The state and the last 24 hours of each WebHook, by its id. */
  states: Record<string, ShownState>
  bars: Record<string, HourBar[]>
  /** The number of the account's WebHooks, whatever the search. */
  total: number
  search: string
  /** A page of the list has 50 rows. */
  long: boolean
  /** Undefined for a viewer. */
  actions: WebhookListActions | undefined
}

/** An account with more WebHooks than these searches them, and sees few of them at a time. */
export const manyWebhooks = 12

/** The Configured WebHooks, a page at a time. */
export function WebhookList({ page, sources, states, bars, total, search, long, actions }: Props) {
  const pageHref = (name: 'before' | 'after', number: number | null) =>
    number === null ? undefined : listAddress({ search, long, [name]: number })
  // A viewer sees no whole URLs, so their search does not cover URLs.
  const by = actions ? 'name or URL' : 'name'
  return (
    <>
      {(total > manyWebhooks || search) && <WebhookSearch total={total} search={search} long={long} by={by} />}
      {page.rows.length === 0 ? (
        <p className="p-4 text-muted">
          No WebHook has “{search}” in its {by}.
        </p>
      ) : (
        <WebhookTable webhooks={page.rows} sources={sources} states={states} bars={bars} actions={actions} />
      )}
      {page.rows.some(({ id }) => states[id]?.kind === 'probing') && (
        <p className="border-border border-t px-4 py-2.5 text-muted text-sm">
          {terms.probing.name}: {terms.probing.line}
        </p>
      )}
      {(page.previous !== null || page.next !== null || (long && total > manyWebhooks)) && (
        <Pagination previous={pageHref('before', page.previous)} next={pageHref('after', page.next)}>
          {!search && <span>{total.toLocaleString('en')} WebHooks</span>}
          {total > manyWebhooks && (
            <Link href={listAddress({ search, long: !long })} scroll={false} className="ml-3 underline">
              {long ? 'Show fewer' : 'Show 50'}
            </Link>
          )}
        </Pagination>
      )}
    </>
  )
}
