import { Card } from '../ui/card'
import { Link } from '../ui/link'
import { quickStartEvent } from './ingest-example'
import { IngestExamples } from './ingest-examples'

type Props = { hubUrl: string /** A key that was just made and may ingest. */; apiKey: string | undefined }

/** How to post a first event. A key that was just made stands in the examples. */
export const IngestQuickStart = ({ hubUrl, apiKey }: Props) => (
  <Card title="Send your first event" description="For whoever connects a feedback platform to this hub.">
    {apiKey ? (
      <p>The key that you just made is filled in. Run one of these:</p>
    ) : (
      <ol className="flex list-decimal flex-col gap-1 pl-5 marker:text-muted">
        <li>Make a key that may ingest, above: it is filled in here.</li>
        <li>
          With a key that you have: <code>export HEARBACK_API_KEY=hbk_…</code>
        </li>
        <li>Post one event:</li>
      </ol>
    )}
    <IngestExamples hubUrl={hubUrl} event={quickStartEvent} apiKey={apiKey} />
    <p className="max-w-prose text-muted">
      The answer is <code className="text-text">202</code> with one line for the event and how many{' '}
      <Link href="/settings/webhooks" className="text-accent-text underline underline-offset-2">
        WebHooks
      </Link>{' '}
      it matched. Sent again, it counts as a duplicate: its <code className="text-text">id</code> makes sure that
      nothing is called twice.
    </p>
  </Card>
)
