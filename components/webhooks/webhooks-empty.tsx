import { Webhook } from 'lucide-react'
import { CodeBlock } from '../ui/code-block'
import { EmptyState } from '../ui/empty-state'
import { RegisterLink } from './register-link'

type Props = { hubUrl: string; mayRegister: boolean }

/** Shown while the account has no WebHook. */
export const WebhooksEmpty = ({ hubUrl, mayRegister }: Props) => (
  <EmptyState
    icon={<Webhook />}
    title="No WebHook is registered yet"
    action={mayRegister ? <RegisterLink /> : undefined}
    developer={
      <CodeBlock
        what="curl command"
        title="For developers: post an event, and every WebHook whose rule it matches is called"
        code={`curl ${hubUrl}/api/v1/events \\
  -H "Authorization: Bearer $HEARBACK_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"type":"feedback.created","feedback":{"id":"fb-1","service":{"rating":2,"text":"Slow"}}}'`}
      />
    }
  >
    A WebHook calls a URL of yours when customers leave or change feedback, for the ratings you choose.
    {!mayRegister && ' Ask an admin of this account to register one.'}
  </EmptyState>
)
