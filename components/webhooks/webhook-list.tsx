import type { WebhookSources } from '@/lib/sources/webhook-sources'
import type { ShownHealth } from '@/lib/webhooks/webhook-health'
import type { WebhookPage } from '@/lib/webhooks/webhook-queries'
import { Pagination } from '../ui/pagination'
import type { WebhookListActions } from './webhook-list-actions'
import { WebhookSearch } from './webhook-search'
import { WebhookTable } from './webhook-table'

type Props = {
  page: WebhookPage
  /** What each of them listens to, by its id. */
  sources: ReadonlyMap<string, WebhookSources>
  /** How each of them stands, by its id. */
  health: Record<string, ShownHealth>
  /** How many the account has, whatever is searched for. */
  total: number
  search: string
  /** Undefined for a viewer. */
  actions: WebhookListActions | undefined
}

const searchFrom = 12

/** The Configured WebHooks, a page at a time. */
export function WebhookList({ page, sources, health, total, search, actions }: Props) {
  const pageHref = (name: 'before' | 'after', number: number | null) =>
    number === null
      ? undefined
      : `/settings/webhooks?${new URLSearchParams({ ...(search && { search }), [name]: String(number) })}`
  // A viewer is not shown whole URLs, nor are they searched for one.
  const by = actions ? 'name or URL' : 'name'
  return (
    <>
      {(total >= searchFrom || search) && <WebhookSearch total={total} search={search} by={by} />}
      {page.rows.length === 0 ? (
        <p className="p-4 text-muted">
          No WebHook has “{search}” in its {by}.
        </p>
      ) : (
        <WebhookTable webhooks={page.rows} sources={sources} health={health} actions={actions} />
      )}
      {(page.previous !== null || page.next !== null) && (
        <Pagination previous={pageHref('before', page.previous)} next={pageHref('after', page.next)}>
          {!search && `${total.toLocaleString('en')} WebHooks`}
        </Pagination>
      )}
    </>
  )
}
