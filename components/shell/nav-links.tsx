'use client'

import {
  CalendarClock,
  CircleUserRound,
  Inbox,
  KeyRound,
  ListTree,
  type LucideIcon,
  ScrollText,
  UsersRound,
  Webhook,
} from 'lucide-react'
import { usePathname } from 'next/navigation'
import { classNames } from '../ui/class-names'
import { Link } from '../ui/link'

type Item = { href: string; label: string; icon: LucideIcon; hiddenFrom?: string }

const groups: Item[][] = [
  [
    { href: '/settings/webhooks', label: 'WebHooks', icon: Webhook },
    { href: '/settings/calls', label: 'Calls', icon: ListTree },
    { href: '/settings/events', label: 'Events', icon: CalendarClock },
    { href: '/settings/sources', label: 'Sources', icon: Inbox },
    { href: '/settings/api', label: 'API', icon: KeyRound },
  ],
  [
    { href: '/settings/account', label: 'Account', icon: CircleUserRound },
    { href: '/settings/members', label: 'Members', icon: UsersRound },
    { href: '/settings/audit', label: 'Audit log', icon: ScrollText, hiddenFrom: 'viewer' },
  ],
]

/** The links of the sidebar. `onNavigate` closes the sheet that contains them on phones. */
export function NavLinks({ role, onNavigate }: { role: string; onNavigate?: () => void }) {
  const pathname = usePathname()
  return (
    <nav aria-label="Settings" className="flex flex-col gap-3">
      {groups.map((items) => (
        <ul
          key={items[0]?.href}
          className="flex flex-col gap-0.5 border-border border-t pt-3 first:border-t-0 first:pt-0"
        >
          {items
            .filter(({ hiddenFrom }) => hiddenFrom !== role)
            .map(({ href, label, icon: Icon }) => {
              const current = pathname === href || pathname.startsWith(`${href}/`)
              return (
                <li key={href}>
                  <Link
                    href={href}
                    onClick={onNavigate}
                    aria-current={current ? 'page' : undefined}
                    className={classNames(
                      'flex min-h-9 items-center gap-2.5 rounded-control px-2.5 font-medium transition-colors max-md:min-h-11',
                      current ? 'bg-accent-fill text-accent-text' : 'text-muted hover:bg-sunken hover:text-text',
                    )}
                  >
                    <Icon aria-hidden className="size-4 shrink-0" />
                    {label}
                  </Link>
                </li>
              )
            })}
        </ul>
      ))}
    </nav>
  )
}
