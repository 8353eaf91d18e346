import { Card } from '../ui/card'
import { CodeBlock } from '../ui/code-block'
import { Link } from '../ui/link'
import { curlFor } from './ingest-example'

export function IngestQuickStart({ hubUrl }: { hubUrl: string }) {
  return (
    <Card title="Send your first event" description="For whoever connects a feedback platform to this hub.">
      <ol className="flex list-decimal flex-col gap-1 pl-5 marker:text-muted">
        <li>Make a key that may ingest, above.</li>
        <li>
          In a terminal: <code>export HEARBACK_API_KEY=hbk_…</code>
        </li>
        <li>Post one event:</li>
      </ol>
      <CodeBlock what="curl command" title="Terminal" code={curlFor(hubUrl)} />
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
}
