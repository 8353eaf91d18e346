'use client'

import { useState } from 'react'
import type { FormResult } from '@/lib/form-result'
import { terms } from '@/lib/terms'
import type { AccountKeyWebhooks } from '@/lib/webhooks/account-key-webhooks'
import type { WaitingKey } from '@/lib/webhooks/waiting-keys'
import type { PreSharedKeyForm as PreSharedKeyValues } from '@/lib/webhooks/webhook-schema'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { ConfirmDialog } from '../ui/confirm-dialog'
import { LocalTime } from '../ui/local-time'
import { SecretField } from '../ui/secret-field'
import { toast } from '../ui/toast'
import { PreSharedKeyForm } from './pre-shared-key-form'
import { ReadWaitingKey, WaitingKeyWords } from './waiting-key-words'

export type PreSharedKeyActions = {
  save: (values: PreSharedKeyValues) => Promise<FormResult>
  remove: () => Promise<FormResult>
  reveal: () => Promise<{ value: string } | { error: string }>
  /** The waiting calls that carry the key in force. */
  readWaiting: () => Promise<WaitingKey>
}

type Props = {
  /** Since when a key is set, ISO; undefined: none is. */
  since: string | undefined
  /** The WebHooks that send it, or would. */
  webhooks: AccountKeyWebhooks
  /** The waiting calls that carry a former key; undefined: it was not changed lately. */
  former: WaitingKey | undefined
  /** Undefined for a viewer, who only sees whether a key is set. */
  actions: PreSharedKeyActions | undefined
}

const inForce = ' The key in force when the event was triggered is the one used.'

/** The account's pre-shared key: set, change, remove, reveal. */
export function PreSharedKeyCard({ since, webhooks, former, actions }: Props) {
  const [editing, setEditing] = useState(false)
  const open = () => setEditing(true)
  return (
    <Card
      title={terms.preSharedKey.name}
      description={`Optional. ${terms.preSharedKey.line}${since ? inForce : ''}`}
      action={
        actions && !editing && !since ? (
          <Button size="sm" onClick={open}>
            Add key
          </Button>
        ) : undefined
      }
    >
      {actions && editing ? (
        <PreSharedKeyForm
          change={since !== undefined}
          webhooks={webhooks}
          save={actions.save}
          readWaiting={actions.readWaiting}
          onCancel={() => setEditing(false)}
          onSaved={() => {
            setEditing(false)
            toast.success(since ? 'The pre-shared key was changed.' : 'The pre-shared key is set.', {
              description: 'Events from now on are sent with it.',
            })
          }}
        />
      ) : since ? (
        <KeyInForce key={since} since={since} former={former} actions={actions} onChange={open} />
      ) : (
        !actions && <p className="text-muted">No key is set.</p>
      )}
    </Card>
  )
}

type InForceProps = Pick<Props, 'former'> & {
  since: string
  actions: PreSharedKeyActions | undefined
  onChange: () => void
}

function KeyInForce({ since, former, actions, onChange }: InForceProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
      {actions && (
        <div className="min-w-0 flex-1 basis-80">
          <SecretField label="Pre-shared key" reveal={actions.reveal} />
        </div>
      )}
      <p className="text-muted text-sm">
        {!actions && 'A key was '}
        {actions ? 'Set' : 'set'} <LocalTime at={since} />
      </p>
      {actions && (
        <div className="flex flex-wrap gap-2">
          <Button size="sm" onClick={onChange}>
            Change
          </Button>
          <ConfirmDialog
            trigger={
              <Button size="sm" variant="danger-quiet">
                Remove
              </Button>
            }
            title="Remove the pre-shared key?"
            confirmLabel="Remove key"
            action={actions.remove}
            onDone={() => toast.success('The pre-shared key was removed.')}
          >
            <p>
              Events from now on are sent without an Authorization header. An endpoint that checks the key will turn
              them down. What was triggered before is still sent with it.
            </p>
            <ReadWaitingKey carries="the present key" read={actions.readWaiting} />
          </ConfirmDialog>
        </div>
      )}
      {former && former.calls > 0 && (
        <div className="basis-full text-muted text-sm">
          <WaitingKeyWords carries="a former key" waiting={former} />
        </div>
      )}
    </div>
  )
}
