import { Clock, Link2Off } from 'lucide-react'
import type { Metadata } from 'next'
import { SharedCallView } from '@/components/calls/shared-call-view'
import { MessagePage } from '@/components/shell/message-page'
import { authoriseVisitor } from '@/lib/accounts/authorise'
import { openCallLink } from '@/lib/calls/call-links'
import { readCall } from '@/lib/calls/read-call'
import { sharedCall } from '@/lib/calls/shared-call'
import { db } from '@/lib/db/client'
import { openAddressLimit } from '@/lib/http/address-limit'
import { answerWithStatus } from '@/lib/pages/behind-door'
import { readReceiverCode } from '@/lib/verify/receiver-code'
import { proofsOf, verificationOf } from '@/lib/verify/verification'

// The link is in the address, so no other site may get it.
export const metadata: Metadata = {
  title: 'WebHook call',
  referrer: 'no-referrer',
  robots: { index: false, follow: false },
}

/** Guessing is hopeless; this keeps it from costing anything. */
const limited = openAddressLimit({ perSecond: 1, burst: 60 })
const tokens = /^[\w-]{22}$/

export default async function SharedCallPage({ params }: PageProps<'/shared/[token]'>) {
  const { address } = await authoriseVisitor()
  const waitSeconds = limited(address)
  if (waitSeconds > 0) return <TooMany waitSeconds={waitSeconds} />
  const { token } = await params
  const link = tokens.test(token) ? await openCallLink(db(), token) : undefined
  const detail = link && (await readCall(db(), link.accountId, link.callId))
  if (!detail) return <Ended />
  const { format, authentication } = detail.webhook
  const proofs = proofsOf(format, authentication)
  return (
    <SharedCallView
      detail={detail}
      shown={sharedCall(detail, link)}
      link={link}
      headers={verificationOf(format, authentication).headers}
      proofs={proofs}
      languages={proofs.length > 0 ? await readReceiverCode(format, proofs) : []}
    />
  )
}

function Ended() {
  answerWithStatus(404)
  return (
    <MessagePage icon={<Link2Off />} title="This link opens nothing">
      <p>It works for seven days, and whoever sent it can end it before that. Ask them for a new one.</p>
    </MessagePage>
  )
}

function TooMany({ waitSeconds }: { waitSeconds: number }) {
  answerWithStatus(429)
  return (
    <MessagePage icon={<Clock />} title="Many links were opened from your network">
      <p>Wait {waitSeconds} s, then reload this page.</p>
    </MessagePage>
  )
}
