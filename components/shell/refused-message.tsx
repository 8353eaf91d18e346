import { Lock } from 'lucide-react'
import { refusals } from '@/lib/accounts/refusals'
import { LinkButton } from '../ui/link-button'
import { MessagePage } from './message-page'

/** Shown instead of a page that the person may not see, or may no longer see. */
export function RefusedMessage({ why }: { why: 'signedOut' | 'role' }) {
  const { title } = refusals[why]
  const [href, label] = why === 'signedOut' ? ['/sign-in', 'Sign in'] : ['/settings/webhooks', 'Go to WebHooks']
  const message = why === 'signedOut' ? 'Your session has ended. Nothing was changed.' : refusals[why].message
  return (
    <MessagePage
      icon={<Lock />}
      title={title}
      action={
        <LinkButton href={href} variant="primary">
          {label}
        </LinkButton>
      }
    >
      <p>{message}</p>
    </MessagePage>
  )
}
