'use client'

import { useState } from 'react'
import type { FormResult } from '@/lib/form-result'
import type { Code, PresentPassword } from '@/lib/people/people-schema'
import type { TwoFactorSetup } from '@/lib/people/two-factor'
import { Badge } from '../ui/badge'
import { Card } from '../ui/card'
import { toast } from '../ui/toast'
import { AskPassword } from './ask-password'
import { AuthenticatorSetup } from './authenticator-setup'
import { RecoveryCodes } from './recovery-codes'

type Props = {
  on: boolean
  begin: (values: PresentPassword) => Promise<FormResult<TwoFactorSetup>>
  turnOn: (values: Code) => Promise<FormResult>
  renew: (values: PresentPassword) => Promise<FormResult<string[]>>
  turnOff: (values: PresentPassword) => Promise<FormResult>
}

/** Two-factor sign-in of a person: off, being set up, on, and recovery codes that are shown once. */
export function TwoFactorCard({ on, begin, turnOn, renew, turnOff }: Props) {
  const [setup, setSetup] = useState<TwoFactorSetup>()
  const [codes, setCodes] = useState<string[]>()
  return (
    <Card
      title="Two-factor sign-in"
      description="A code of an authenticator app, besides your password. Who has only your password stays outside."
      action={<Badge tone={on ? 'success' : undefined}>{on ? 'On' : 'Off'}</Badge>}
    >
      {codes && <RecoveryCodes codes={codes} onKept={() => setCodes(undefined)} />}
      {setup && !codes && (
        <AuthenticatorSetup
          setup={setup}
          turnOn={turnOn}
          onDone={() => {
            setCodes(setup.recoveryCodes)
            setSetup(undefined)
          }}
          onCancel={() => setSetup(undefined)}
        />
      )}
      {!setup && !codes && !on && (
        <AskPassword trigger="Set up" title="Set up two-factor sign-in" action={begin} onDone={setSetup} primary>
          You need an authenticator app, such as Google Authenticator, 1Password or Aegis.
        </AskPassword>
      )}
      {!codes && on && (
        <div className="flex flex-wrap gap-2">
          <AskPassword trigger="New recovery codes" title="Make new recovery codes" action={renew} onDone={setCodes}>
            The codes that you have now stop working.
          </AskPassword>
          <AskPassword
            trigger="Turn off"
            title="Turn two-factor sign-in off"
            action={turnOff}
            onDone={() => toast.success('Two-factor sign-in is off.')}
          >
            Your password alone will open your accounts. Your recovery codes stop working.
          </AskPassword>
        </div>
      )}
    </Card>
  )
}
