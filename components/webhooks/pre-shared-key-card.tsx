'use client'

import { useState } from 'react'
import type { FormResult } from '@/lib/form-result'
import { terms } from '@/lib/terms'
import type { AccountKeyWebhooks } from '@/lib/webhooks/account-key-webhooks'
import type { PreSharedKeyForm as PreSharedKeyValues } from '@/lib/webhooks/webhook-schema'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { ConfirmDialog } from '../ui/confirm-dialog'
import { LocalTime } from '../ui/local-time'
import { SecretField } from '../ui/secret-field'
import { toast } from '../ui/toast'
import { PreSharedKeyForm } from './pre-shared-key-form'

export type PreSharedKeyActions = {
  save: (values: PreSharedKeyValues) => Promise<FormResult>
  remove: () => Promise<FormResult>
  reveal: () => Promise<{ value: string } | { error: string }>
}

type Props = {
  /** Since when a key is set, ISO; undefined: none is. */
  since: string | undefined
  /** The WebHooks that send it, or would. */
  webhooks: AccountKeyWebhooks
  /** Undefined for a viewer, who only sees whether a key is set. */
  actions: PreSharedKeyActions | undefined
}

const inForce = ' The key in force when the event was triggered is the one used.'

/** The account's pre-shared key: set, change, remove, reveal. */
export function PreSharedKeyCard({ since, webhooks, actions }: Props) {
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
          onCancel={() => setEditing(false)}
          onSaved={() => {
            setEditing(false)
            toast.success(since ? 'The pre-shared key was changed.' : 'The pre-shared key is set.', {
              description: 'Events from now on are sent with it.',
            })
          }}
        />
      ) : since ? (
        <KeyInForce key={since} since={since} actions={actions} onChange={open} />
      ) : (
        !actions && <p className="text-muted">No key is set.</p>
      )}
    </Card>
  )
}

type InForceProps = { since: string; actions: PreSharedKeyActions | undefined; onChange: () => void }

function KeyInForce({ since, actions, onChange }: InForceProps) {
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
          </ConfirmDialog>
        </div>
      )}
    </div>
  )
}
