import { Plus } from 'lucide-react'
import { LinkButton } from '../ui/link-button'

export const RegisterLink = () => (
  <LinkButton href="/settings/webhooks/new" variant="primary" icon={<Plus aria-hidden />}>
    Register WebHook
  </LinkButton>
)
