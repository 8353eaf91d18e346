import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { FeedbackCalls } from '@/components/feedback/feedback-calls'
import { FeedbackEvents } from '@/components/feedback/feedback-events'
import { FeedbackFacts } from '@/components/feedback/feedback-facts'
import { FeedbackMessages } from '@/components/feedback/feedback-messages'
import { Link } from '@/components/ui/link'
import { PageHead } from '@/components/ui/page-head'
import { authorise } from '@/lib/accounts/authorise'
import { mayAct } from '@/lib/accounts/roles'
import { readCallLog } from '@/lib/calls/call-log'
import { db } from '@/lib/db/client'
import { readFeedbackEvents } from '@/lib/feedback/feedback-events'
import { readFeedbackMessages } from '@/lib/feedback/feedback-messages'
import { readFeedback } from '@/lib/feedback/read-feedback'
import { readPageCursor } from '@/lib/http/page-cursor'
import { readId } from '@/lib/type-id'

export const metadata: Metadata = { title: 'Feedback' }

export default async function FeedbackPage({ params, searchParams }: PageProps<'/settings/feedback/[id]'>) {
  const { account, role } = await authorise('viewer')
  const [{ id: shownId }, address] = await Promise.all([params, searchParams])
  const id = readId('feedback', shownId)
  const feedback = id && (await readFeedback(db(), account.id, id))
  if (!feedback) notFound()
  const cursor = readPageCursor(address, (text) => readId('event', text))
  const [events, messages, calls] = await Promise.all([
    readFeedbackEvents(db(), account.id, feedback, cursor),
    readFeedbackMessages(db(), account.id, feedback),
    readCallLog(db(), account.id, { filter: { result: 'all', feedback: shownId }, wholeUrls: mayAct(role, 'admin') }),
  ])
  return (
    <>
      <PageHead
        back={
          <Link href="/settings/events" className="text-accent-text underline">
            Events
          </Link>
        }
        title={`Feedback ${feedback.externalId}`}
        description="Its versions, why each WebHook did or did not fire, and every call."
      />
      <FeedbackFacts feedback={feedback} />
      <FeedbackCalls page={calls} shownId={shownId} />
      <FeedbackMessages found={messages} />
      <FeedbackEvents page={events} address={`/settings/feedback/${shownId}`} />
    </>
  )
}
