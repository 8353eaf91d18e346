'use client'

import { Collapsible } from '@base-ui/react/collapsible'
import { ChevronRight } from 'lucide-react'
import { allArchived } from '@/lib/sources/source-words'
import type { WebhookSources } from '@/lib/sources/webhook-sources'
import { Badge } from '../ui/badge'
import { KindIcon } from './kind-icon'

type Props = { sources: WebhookSources /** Names the rule, for screen readers. */; ruleName: string }

/** “All”, or a count; its chevron opens the names with their icons, as in Customer Thermometer's “Webhooks”. */
export function SourcesCell({ sources, ruleName }: Props) {
  if (sources.all) return <>All</>
  const { count, allArchived: asleep, sources: named } = sources
  return (
    <Collapsible.Root>
      <Collapsible.Trigger className="group -mx-1 flex min-h-8 items-center gap-1 rounded-control px-1 tabular-nums max-md:min-h-11">
        <ChevronRight
          aria-hidden
          className="size-4 shrink-0 text-muted transition-transform group-data-panel-open:rotate-90"
        />
        {count.toLocaleString('en')}
        <span className="sr-only">
          {' '}
          {count === 1 ? 'source' : 'sources'} of {ruleName}
        </span>
      </Collapsible.Trigger>
      {asleep && (
        <span title={allArchived}>
          <Badge tone="warning">All archived</Badge>
          <span className="sr-only"> {allArchived}</span>
        </span>
      )}
      <Collapsible.Panel>
        <ul className="flex flex-col gap-1.5 pt-1 pb-2">
          {named.map(({ id, name, kind, archived }) => (
            <li key={id} className="flex min-w-0 items-start gap-1.5">
              <span className="flex h-5 items-center">
                <KindIcon kind={kind} />
              </span>
              <span className="min-w-0 [overflow-wrap:anywhere]">
                {name}
                {archived && <span className="text-muted"> (archived)</span>}
              </span>
            </li>
          ))}
          {count > named.length && (
            <li className="text-muted">and {(count - named.length).toLocaleString('en')} more</li>
          )}
        </ul>
      </Collapsible.Panel>
    </Collapsible.Root>
  )
}
