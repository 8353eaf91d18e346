'use client'

import { LogOut } from 'lucide-react'
import { done } from '@/lib/form-result'
import { Button } from '../ui/button'
import { Link } from '../ui/link'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'
import { AccountSwitch } from './account-switch'
import { NavLinks } from './nav-links'
import { Wordmark } from './wordmark'

export type ShellProps = {
  account: { id: string; name: string }
  accounts: { id: string; name: string }[]
  switchTo: (id: string) => Promise<{ address: string }>
  person: { email: string; role: string }
  signOut: () => Promise<{ address: string }>
}

/** The sidebar, or the sheet on phones: the account at the top, the links, the person at the bottom. */
export function Sidebar({ person, signOut, onNavigate, ...accounts }: ShellProps & { onNavigate?: () => void }) {
  const { run, pending } = useAction()
  const leave = () =>
    run(
      async () => done(await signOut()),
      (result) => {
        // A full page load, so that nothing cached by the router is shown after signing out.
        if (result.ok) window.location.assign(result.value.address)
        else toastRefusal(result)
      },
    )
  return (
    <div className="flex min-h-full flex-col gap-5 p-4">
      <div className="flex min-w-0 flex-col gap-3">
        <Link
          href="/settings/webhooks"
          onClick={onNavigate}
          className="flex min-h-8 w-fit items-center rounded-control px-1 max-md:min-h-11"
        >
          <Wordmark />
        </Link>
        <AccountSwitch {...accounts} />
      </div>
      <NavLinks role={person.role} onNavigate={onNavigate} />
      <div className="mt-auto flex items-center gap-1 border-border border-t pt-3">
        <Link
          href="/settings/profile"
          onClick={onNavigate}
          title={person.email}
          className="min-w-0 flex-1 rounded-control px-2.5 py-1 text-sm transition-colors hover:bg-sunken"
        >
          <span className="sr-only">Your sign-in: </span>
          <span className="block truncate">{person.email}</span>
          <span className="block text-muted capitalize">{person.role}</span>
        </Link>
        <Button
          variant="ghost"
          size="sm"
          aria-label="Sign out"
          title="Sign out"
          icon={<LogOut aria-hidden />}
          pending={pending}
          onClick={leave}
        />
      </div>
    </div>
  )
}
