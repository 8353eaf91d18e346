import { CircleCheck, Link2Off } from 'lucide-react'
import type { Metadata } from 'next'
import { SetupForm } from '@/components/accounts/setup-form'
import { MessagePage } from '@/components/shell/message-page'
import { LinkButton } from '@/components/ui/link-button'
import { PageHead } from '@/components/ui/page-head'
import { requireDoor } from '@/lib/accounts/authorise'
import { hasNoAccount } from '@/lib/accounts/create-account'
import { setupCodeMatches } from '@/lib/accounts/setup-code'
import { db } from '@/lib/db/client'
import { setUp } from './actions'

export const metadata: Metadata = { title: 'Set up' }

export default async function SetupPage({ searchParams }: { searchParams: Promise<{ code?: string | string[] }> }) {
  requireDoor()
  const { code } = await searchParams
  if (!(await hasNoAccount(db()))) return <AlreadySetUp />
  if (typeof code !== 'string' || !setupCodeMatches(code)) return <WrongCode />
  return (
    <>
      <PageHead title="Set up Hearback" description="Make the first account and its owner: you." />
      <SetupForm action={setUp.bind(null, code)} />
    </>
  )
}

const AlreadySetUp = () => (
  <MessagePage
    icon={<CircleCheck />}
    title="This hub is set up already"
    action={
      <LinkButton href="/sign-in" variant="primary">
        Sign in
      </LinkButton>
    }
  >
    <p>Sign in with your e-mail address. If you have none here, ask the owner of your account to invite you.</p>
  </MessagePage>
)

const WrongCode = () => (
  <MessagePage icon={<Link2Off />} title="Open the set-up link">
    <p>
      This hub has no account yet. Whoever started it finds the link in its output: a line that ends in{' '}
      <code className="text-text">/setup?code=…</code>. Open that whole link.
    </p>
    <p>If the output is gone, start the hub again: it prints the link each time until it is set up.</p>
  </MessagePage>
)
