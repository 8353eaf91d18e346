'use client'

import { KeyRound } from 'lucide-react'
import type { ApiKey } from '@/lib/accounts/api-keys'
import type { FormResult } from '@/lib/form-result'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { ConfirmDialog } from '../ui/confirm-dialog'
import { EmptyState } from '../ui/empty-state'
import { LocalTime } from '../ui/local-time'
import { Table } from '../ui/table'
import { toast } from '../ui/toast'
import { RotateKey } from './rotate-key'
import { scopeWords } from './scope-words'

type Revoke = (id: string) => Promise<FormResult>
type Rotate = (id: string, days: number) => Promise<FormResult<{ key: string }>>
type Props = {
  keys: ApiKey[]
  /** Absent: the person may only look. */
  revoke?: Revoke
  rotate?: Rotate
}

export function ApiKeyTable({ keys, revoke, rotate }: Props) {
  return (
    <Card title="API keys" flush>
      {keys.length === 0 ? (
        <EmptyState icon={<KeyRound />} title="No keys yet">
          A key lets a system of yours post feedback here, or read it. {revoke && 'Make the first one above.'}
        </EmptyState>
      ) : (
        <Table
          label="API keys"
          rows={keys}
          rowKey={({ id }) => id}
          columns={[
            { header: 'Name', primary: true, cell: ({ name }) => name },
            { header: 'Key', width: 'w-36', cell: ({ prefix }) => <code>{prefix}…</code> },
            { header: 'Scopes', width: 'w-32', cell: ({ scopes }) => <Scopes scopes={scopes} /> },
            { header: 'Made', width: 'w-28', cell: ({ createdAt }) => <LocalTime at={createdAt} /> },
            { header: 'Ends', width: 'w-28', cell: (key) => <Ends apiKey={key} /> },
            { header: 'Last used', width: 'w-40', cell: (key) => <LastUsed apiKey={key} /> },
          ]}
          actions={
            revoke &&
            rotate &&
            ((key) => (
              <>
                {!key.expired && <RotateKey apiKey={key} rotate={rotate} />}
                <RevokeButton apiKey={key} revoke={revoke} />
              </>
            ))
          }
          actionsWidth="w-44"
        />
      )}
    </Card>
  )
}

const Scopes = ({ scopes }: Pick<ApiKey, 'scopes'>) => (
  <span className="flex flex-wrap gap-1">
    {scopes.map((scope) => (
      <Badge key={scope}>{scopeWords[scope].label}</Badge>
    ))}
  </span>
)

const Ends = ({ apiKey: { expiresAt, expired } }: { apiKey: ApiKey }) => {
  if (!expiresAt) return <span className="text-muted">Never</span>
  return expired ? <Badge tone="warning">Ended</Badge> : <LocalTime at={expiresAt} />
}

const LastUsed = ({ apiKey: { lastUsedAt, lastUsedFrom } }: { apiKey: ApiKey }) => {
  if (!lastUsedAt) return <span className="text-muted">Never</span>
  return (
    <span className="flex flex-col">
      <LocalTime at={lastUsedAt} />
      {lastUsedFrom && <code className="text-muted text-xs">{lastUsedFrom}</code>}
    </span>
  )
}

function RevokeButton({ apiKey: { id, name, prefix }, revoke }: { apiKey: ApiKey; revoke: Revoke }) {
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" variant="danger-quiet">
          Revoke<span className="sr-only"> {name}</span>
        </Button>
      }
      title={`Revoke “${name}”?`}
      confirmLabel="Revoke key"
      action={() => revoke(id)}
      onDone={() => toast.success(`Key “${name}” is revoked.`)}
    >
      <p>
        Requests with the key that starts with <code className="text-text">{prefix}</code> are refused from now on. This
        can’t be undone; a system that still needs access needs a new key.
      </p>
    </ConfirmDialog>
  )
}
