'use client'

import { useState } from 'react'
import type { FormatKey } from '@/lib/formats/format'
import { formats } from '@/lib/formats/formats'
import { showId } from '@/lib/type-id'
import type { SigningSecretState } from '@/lib/webhooks/signing-secret'
import { Button } from '../../ui/button'
import { Card } from '../../ui/card'
import { LinkButton } from '../../ui/link-button'
import { RotateSecretForm } from './rotate-secret-form'
import { RotationProof } from './rotation-proof'
import { SecretInForce } from './secret-in-force'
import type { SecretActions } from './webhook-page-actions'

type Props = {
  webhook: { id: string; name: string; format: FormatKey }
  /** The secrets that sign now or later, newest first. */
  secrets: SigningSecretState[]
  /** A test fire with the newest secret alone was answered 2xx. */
  proven: boolean
  /** Undefined for a viewer, who only sees which secrets are in force. */
  actions: SecretActions | undefined
}

/** A WebHook's signing secrets, and the rotation to a new one. */
export function SigningSecretCard({ webhook: { id, name, format }, secrets, proven, actions }: Props) {
  const [rotating, setRotating] = useState(false)
  const { label, secret, signatures } = formats[format]
  const inForceFirst = secrets[0]?.waiting ? secrets.toReversed() : secrets
  const verify = (
    <LinkButton size="sm" href={`/settings/webhooks/${showId('webhook', id)}/verify`}>
      Code that verifies it
    </LinkButton>
  )
  if (!secret)
    return (
      <Card
        title="Signing secret"
        description={`${label} is not signed. Your endpoint knows that a call is ours by its Authorization header.`}
        action={verify}
      />
    )
  return (
    <Card
      title="Signing secret"
      description={`Your endpoint checks with it that a call is ours and unchanged. One that we make is ${secret.hint}.`}
      action={
        <div className="flex flex-wrap gap-2">
          {verify}
          {actions && !rotating && (
            <Button size="sm" onClick={() => setRotating(true)}>
              Rotate
            </Button>
          )}
        </div>
      }
    >
      <ul aria-label="Signing secrets in force" className="flex flex-col gap-4">
        {inForceFirst.map((one) => (
          <li key={one.version}>
            <SecretInForce
              secret={one}
              name={secretName(one, secrets)}
              titled={secrets.length > 1}
              reveal={actions?.reveal.bind(null, one.version)}
            />
          </li>
        ))}
      </ul>
      {!actions && <p className="text-muted text-sm">An owner or an admin of this account can read it.</p>}
      {!rotating && secrets.length > 1 && (
        <RotationProof name={name} signatures={signatures} proven={proven} actions={actions} />
      )}
      {actions && rotating && (
        <RotateSecretForm
          format={format}
          waiting={secrets[0]?.waiting ?? false}
          rotate={actions.rotate}
          onClose={() => setRotating(false)}
        />
      )}
    </Card>
  )
}

function secretName({ version }: SigningSecretState, secrets: SigningSecretState[]): string {
  const [newest] = secrets
  if (secrets.length < 2) return 'Signing secret'
  if (version === newest?.version) return 'New signing secret'
  return newest?.waiting ? 'Present signing secret' : `Former signing secret ${version}`
}
