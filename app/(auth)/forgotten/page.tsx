import type { Metadata } from 'next'
import { ForgottenForm } from '@/components/people/forgotten-form'
import { Callout } from '@/components/ui/callout'
import { LinkButton } from '@/components/ui/link-button'
import { PageHead } from '@/components/ui/page-head'
import { requireDoor } from '@/lib/accounts/authorise'
import { sendsMail } from '@/lib/people/person-mail'
import { askForLink } from './actions'

export const metadata: Metadata = { title: 'Forgotten password' }

export default function ForgottenPage() {
  requireDoor()
  return (
    <>
      <PageHead title="Forgotten password" description="A link to choose a new one. It works for 30 minutes." />
      {sendsMail() ? <ForgottenForm action={askForLink} /> : <WithoutMail />}
    </>
  )
}

const WithoutMail = () => (
  <Callout title="This hub sends no mail" action={<LinkButton href="/sign-in">Back to sign in</LinkButton>}>
    <p>Whoever runs it can make a link for you, with this command:</p>
    <code className="text-text">npm run account -- reset-link --email you@your-shop.com</code>
  </Callout>
)
