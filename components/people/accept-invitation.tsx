'use client'

import { Link2Off } from 'lucide-react'
import { useState } from 'react'
import type { SignIn } from '@/lib/accounts/account-schema'
import { roleWords } from '@/lib/accounts/roles'
import type { Entered } from '@/lib/accounts/sign-in'
import type { FormResult } from '@/lib/form-result'
import type { OpenedInvitation } from '@/lib/people/invitations'
import type { Code, NewPassword } from '@/lib/people/people-schema'
import { SignInForm } from '../accounts/sign-in-form'
import { MessagePage } from '../shell/message-page'
import { Button } from '../ui/button'
import { Callout } from '../ui/callout'
import { Card } from '../ui/card'
import { PageHead } from '../ui/page-head'
import { Skeleton } from '../ui/skeleton'
import { useAction } from '../ui/use-action'
import { CodeForm } from './code-form'
import { JoinForm } from './join-form'
import { useLinkToken } from './use-link-token'

type Next = { address: string }
type Props = {
  /** The address of the session in this browser. */
  signedInAs?: string
  open: (token: string) => Promise<OpenedInvitation | undefined>
  join: (token: string) => Promise<FormResult<Next>>
  joinWithPassword: (token: string, values: NewPassword) => Promise<FormResult<Next>>
  signIn: (values: SignIn) => Promise<FormResult<Entered>>
  enterCode: (values: Code) => Promise<FormResult<Entered>>
}

/** What the link of an invitation opens: a person joins with the sign-in they have, or makes one. */
export function AcceptInvitation({ signedInAs, open, join, joinWithPassword, signIn, enterCode }: Props) {
  const link = useLinkToken(open)
  const [here, setHere] = useState(signedInAs)
  const [needsCode, setNeedsCode] = useState(false)
  if (!link) return <Skeleton className="h-64 rounded-card" />
  const { token, value: invited } = link
  if (!invited) return <Ended />
  const { accountName, email, role, hasSignIn } = invited
  const entered = (next: Entered) => (next.needsCode ? setNeedsCode(true) : setHere(email))
  return (
    <>
      <PageHead
        title={`Join ${accountName}`}
        description={`You are invited as ${roleWords[role].label.toLowerCase()}, with ${email}.`}
      />
      {here === email && <Join accountName={accountName} join={() => join(token)} />}
      {here && here !== email && (
        <Callout tone="warning" title={`You are signed in as ${here}`}>
          <p>This invitation is for {email}. Sign out, then open its link again.</p>
        </Callout>
      )}
      {!here && !hasSignIn && <JoinForm email={email} action={(values) => joinWithPassword(token, values)} />}
      {!here && hasSignIn && !needsCode && <SignInForm action={signIn} onDone={entered} email={email} />}
      {!here && needsCode && <CodeForm action={enterCode} onDone={entered} onBack={() => setNeedsCode(false)} />}
    </>
  )
}

const Ended = () => (
  <MessagePage icon={<Link2Off />} title="This invitation no longer works">
    <p>It was accepted or withdrawn, or is older than seven days. Ask whoever invited you for a new one.</p>
  </MessagePage>
)

function Join({ accountName, join }: { accountName: string; join: () => Promise<FormResult<Next>> }) {
  const [error, setError] = useState<string>()
  const { run, pending } = useAction()
  const press = () =>
    run(join, (result) =>
      result.ok ? window.location.assign(result.value.address) : setError(result.errors[0]?.message),
    )
  return (
    <Card>
      {error && (
        <Callout tone="danger" role="alert">
          {error}
        </Callout>
      )}
      <Button variant="primary" pending={pending} onClick={press}>
        Join {accountName}
      </Button>
    </Card>
  )
}
