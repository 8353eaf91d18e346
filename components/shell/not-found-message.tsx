import { SearchX } from 'lucide-react'
import { LinkButton } from '../ui/link-button'
import { MessagePage } from './message-page'

/**
 * The page for what does not exist or belongs to another account. Both look the same, so that nobody can tell them
 * apart.
 */
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
    <p>The address may be mistyped, or the page was deleted or belongs to another account.</p>
  </MessagePage>
)
