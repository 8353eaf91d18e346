import { Link } from '../ui/link'

const links = [
  { href: '/reference', label: 'API reference' },
  { href: '/catalogue', label: 'Event catalogue' },
  { href: '/settings/webhooks', label: 'WebHooks' },
]

/** Where the API is described. */
export const ApiLinks = () => (
  <nav aria-label="About the API" className="flex flex-wrap gap-x-4 gap-y-1">
    {links.map(({ href, label }) => (
      <Link key={href} href={href} className="text-accent-text underline underline-offset-2">
        {label}
      </Link>
    ))}
  </nav>
)
