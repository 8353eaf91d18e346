'use client'

import { useDeferredValue, useState } from 'react'
import type { WebhookSummary } from '@/lib/webhooks/webhook-queries'
import { Input } from '../ui/input'
import { PageTurner } from './page-turner'
import type { WebhookListActions } from './webhook-list-actions'
import { WebhookTable } from './webhook-table'

type Props = {
  webhooks: WebhookSummary[]
  /** Undefined for a viewer. */
  actions: WebhookListActions | undefined
}

const aPage = 50
const searchFrom = 12

/** The Configured WebHooks. A long list is searched and turned in pages: only what is in sight is drawn. */
export function WebhookList({ webhooks, actions }: Props) {
  const [search, setSearch] = useState('')
  const [page, setPage] = useState(0)
  const wanted = useDeferredValue(search.trim().toLowerCase())
  const found = wanted ? webhooks.filter(({ name, url }) => `${name} ${url}`.toLowerCase().includes(wanted)) : webhooks
  // A deletion may empty the last page.
  const current = Math.min(page, Math.max(0, Math.ceil(found.length / aPage) - 1))
  return (
    <>
      {webhooks.length >= searchFrom && (
        <div className="border-border border-b p-3">
          <Input
            type="search"
            aria-label="Search WebHooks"
            placeholder={`Search ${webhooks.length.toLocaleString('en')} WebHooks by name or URL`}
            value={search}
            onChange={({ target }) => {
              setSearch(target.value)
              setPage(0)
            }}
          />
        </div>
      )}
      {found.length === 0 ? (
        <p className="p-4 text-muted">No WebHook has “{wanted}” in its name or URL.</p>
      ) : (
        <WebhookTable webhooks={found.slice(current * aPage, (current + 1) * aPage)} actions={actions} />
      )}
      {found.length > aPage && <PageTurner page={current} size={aPage} total={found.length} onTurn={setPage} />}
    </>
  )
}
