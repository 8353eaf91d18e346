'use client'

import type { HourBar } from '@/lib/charts/read-day-bars'
import type { WebhookSources } from '@/lib/sources/webhook-sources'
import { showId } from '@/lib/type-id'
import type { ShownState } from '@/lib/webhooks/shown-state'
import type { WebhookSummary } from '@/lib/webhooks/webhook-queries'
import { whenWords } from '@/lib/webhooks/words'
import { SourcesCell } from '../sources/sources-cell'
import { Badge } from '../ui/badge'
import { Link } from '../ui/link'
import { type Column, Table } from '../ui/table'
import { WrappedUrl } from '../ui/wrapped-url'
import { BreakableWords } from './breakable-words'
import { StateCell } from './state-cell'
import { WebhookActions, WebhookMenu } from './webhook-actions'
import type { WebhookListActions } from './webhook-list-actions'
import { WebhookSwitch } from './webhook-switch'
import { WhereWords } from './where-words'

type Props = {
  webhooks: WebhookSummary[]
  /** The sources of each WebHook, by its id. */
  sources: ReadonlyMap<string, WebhookSources>
  /** The state and the last 24 hours of each WebHook, by its id. */
  states: Record<string, ShownState>
  bars: Record<string, HourBar[]>
  /** Undefined for a viewer. */
  actions: WebhookListActions | undefined
}

/** WebHooks with their rules in words. Feefo's “WebHooks” names the columns Rule, When, Where, Call WebHook URL. */
export const WebhookTable = ({ webhooks, sources, states, bars, actions }: Props) => (
  <>
    <Table
      label="Configured WebHooks"
      rows={webhooks}
      rowKey={({ id }) => id}
      columns={columns({ sources, states, bars, actions })}
      actions={actions ? (webhook) => <WebhookActions webhook={webhook} actions={actions} /> : undefined}
      actionsWidth="w-46"
      narrowActions="none"
    />
    {actions && <WebhookMenu actions={actions} />}
  </>
)

const columns = ({ sources, states, bars, actions }: Omit<Props, 'webhooks'>): Column<WebhookSummary>[] => [
  {
    header: 'Rule',
    primary: true,
    narrow: 'title',
    cell: ({ id, name }) => (
      <Link
        href={`/settings/webhooks/${showId('webhook', id)}`}
        className="rows:text-accent-text rows:underline cards:after:absolute cards:after:inset-0"
      >
        {name}
      </Link>
    ),
  },
  { header: 'When', narrow: 'line', cell: ({ rule }) => <BreakableWords text={whenWords(rule.events)} /> },
  {
    header: 'Where',
    narrow: 'end',
    cell: ({ rule, onlyIf }) => <WhereWords condition={rule.condition} onlyIf={onlyIf} />,
  },
  {
    header: 'Sources',
    width: 'w-20',
    cell: ({ id, name }) => <SourcesCell sources={sources.get(id) ?? { all: true }} ruleName={name} />,
  },
  { header: 'Call WebHook URL', width: 'w-[23%]', cell: ({ url }) => <WrappedUrl url={url} /> },
  {
    header: 'State',
    width: 'w-36',
    narrow: 'aside',
    cell: ({ id }) => <StateCell state={states[id]} bars={bars[id]} />,
  },
  {
    header: 'On',
    width: 'w-14',
    cell: (webhook) =>
      actions ? (
        <WebhookSwitch webhook={webhook} actions={actions} />
      ) : (
        <Badge tone={webhook.enabled ? 'success' : 'neutral'}>{webhook.enabled ? 'On' : 'Off'}</Badge>
      ),
  },
]
