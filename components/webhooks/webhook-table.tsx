'use client'

import type { WebhookSummary } from '@/lib/webhooks/webhook-queries'
import { whenWords, whereWords } from '@/lib/webhooks/words'
import { Badge } from '../ui/badge'
import { MiddleCut } from '../ui/middle-cut'
import { type Column, Table } from '../ui/table'
import { BreakableWords } from './breakable-words'
import { WebhookActions } from './webhook-actions'
import type { WebhookListActions } from './webhook-list-actions'
import { WebhookSwitch } from './webhook-switch'

type Props = {
  webhooks: WebhookSummary[]
  /** Undefined for a viewer. */
  actions: WebhookListActions | undefined
}

/** WebHooks with their rules in words (seed 000: Rule, When, Where, Call WebHook URL). */
export const WebhookTable = ({ webhooks, actions }: Props) => (
  <Table
    label="Configured WebHooks"
    rows={webhooks}
    rowKey={({ id }) => id}
    columns={columns(actions)}
    actions={actions ? (webhook) => <WebhookActions webhook={webhook} actions={actions} /> : undefined}
    actionsWidth="w-46"
  />
)

const columns = (actions: WebhookListActions | undefined): Column<WebhookSummary>[] => [
  { header: 'Rule', primary: true, cell: ({ name }) => name },
  { header: 'When', width: 'w-1/5', cell: ({ rule }) => <BreakableWords text={whenWords(rule.events)} /> },
  { header: 'Where', cell: ({ rule }) => <BreakableWords text={whereWords(rule.condition)} /> },
  { header: 'Sources', width: 'w-21', cell: () => 'All' },
  { header: 'Call WebHook URL', width: 'w-1/5', cell: ({ url }) => <MiddleCut text={url} /> },
  {
    header: 'On',
    width: 'w-16',
    cell: (webhook) =>
      actions ? (
        <WebhookSwitch webhook={webhook} actions={actions} />
      ) : (
        <Badge tone={webhook.enabled ? 'success' : 'neutral'}>{webhook.enabled ? 'On' : 'Off'}</Badge>
      ),
  },
]
