import { SearchX } from 'lucide-react'
import { LinkButton } from '../ui/link-button'
import { MessagePage } from './message-page'

/** What is not there, or belongs to another account: both look the same. */
export const NotFoundMessage = () => (
  <MessagePage
    icon={<SearchX />}
    title="There is nothing here"
    action={
      <LinkButton href="/settings/webhooks" variant="primary">
        Go to WebHooks
      </LinkButton>
    }
  >
    <p>The address may be mistyped, or what it named was deleted or belongs to another account.</p>
  </MessagePage>
)
