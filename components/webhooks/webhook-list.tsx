import type { HourBar } from '@/lib/charts/read-day-bars'
import type { WebhookSources } from '@/lib/sources/webhook-sources'
import type { ShownState } from '@/lib/webhooks/shown-state'
import type { WebhookPage } from '@/lib/webhooks/webhook-queries'
import { Pagination } from '../ui/pagination'
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
  /** Undefined for a viewer. */
  actions: WebhookListActions | undefined
}

const searchFrom = 12

/** The Configured WebHooks, a page at a time. */
export function WebhookList({ page, sources, states, bars, total, search, actions }: Props) {
  const pageHref = (name: 'before' | 'after', number: number | null) =>
    number === null
      ? undefined
      : `/settings/webhooks?${new URLSearchParams({ ...(search && { search }), [name]: String(number) })}`
  // A viewer sees no whole URLs, so their search does not cover URLs.
  const by = actions ? 'name or URL' : 'name'
  return (
    <>
      {(total >= searchFrom || search) && <WebhookSearch total={total} search={search} by={by} />}
      {page.rows.length === 0 ? (
        <p className="p-4 text-muted">
          No WebHook has “{search}” in its {by}.
        </p>
      ) : (
        <WebhookTable webhooks={page.rows} sources={sources} states={states} bars={bars} actions={actions} />
      )}
      {(page.previous !== null || page.next !== null) && (
        <Pagination previous={pageHref('before', page.previous)} next={pageHref('after', page.next)}>
          {!search && `${total.toLocaleString('en')} WebHooks`}
        </Pagination>
      )}
    </>
  )
}
