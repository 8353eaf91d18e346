import { Inbox, Plus } from 'lucide-react'
import { CodeBlock } from '../ui/code-block'
import { EmptyState } from '../ui/empty-state'
import { LinkButton } from '../ui/link-button'

type Props = { hubUrl: string; mayCreate: boolean }

export const NewSourceLink = () => (
  <LinkButton href="/settings/sources/new" variant="primary" icon={<Plus aria-hidden />}>
    New source
  </LinkButton>
)

/** Shown while the account has no source. */
export const SourcesEmpty = ({ hubUrl, mayCreate }: Props) => (
  <EmptyState
    icon={<Inbox />}
    title="No source yet"
    action={mayCreate ? <NewSourceLink /> : undefined}
    developer={
      <CodeBlock
        what="curl command"
        title="For developers: an event that names a source registers it"
        code={`curl ${hubUrl}/api/v1/events \\
  -H "Authorization: Bearer $HEARBACK_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"type":"feedback.created","source":{"key":"ticket-closed","name":"Ticket closed","kind":"email"},
       "feedback":{"id":"fb-1","service":{"rating":2,"text":"Slow"}}}'`}
      />
    }
  >
    A source is where feedback is collected: a thermometer, survey, flow or review page. Each appears here with its
    first event{mayCreate ? ', or when you make it' : ''}.
  </EmptyState>
)
