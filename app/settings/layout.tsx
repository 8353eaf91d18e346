import type { ReactNode } from 'react'
import { OpenNotices } from '@/components/notices/open-notices'
import { PhoneBar } from '@/components/shell/phone-bar'
import { Sidebar } from '@/components/shell/sidebar'
import { authorisePerson, closedTo } from '@/lib/accounts/authorise'
import { listMemberships } from '@/lib/accounts/membership'
import { mayAct } from '@/lib/accounts/roles'
import { db } from '@/lib/db/client'
import { openNotices } from '@/lib/notices/open-notices'
import { dismiss, signOut, switchTo } from './actions'

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const who = await authorisePerson()
  const { account, user, role } = who
  const [accounts, notices] = await Promise.all([
    listMemberships(db(), user.id),
    mayAct(role, 'admin') && !closedTo(who) ? openNotices(db(), account.id) : undefined,
  ])
  const shell = { account, accounts, person: { email: user.email, role }, signOut, switchTo }
  return (
    <div className="md:grid md:grid-cols-[15rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-control bg-accent px-3 py-2 font-medium text-white focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <PhoneBar {...shell} />
      <aside
        aria-label="Account and navigation"
        className="sticky top-0 hidden h-dvh overflow-y-auto border-border border-r bg-raised md:block"
      >
        <Sidebar {...shell} />
      </aside>
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto flex w-full max-w-[70rem] flex-col gap-6 p-4 pb-16 md:p-6 md:pb-16"
      >
        {notices && <OpenNotices first={notices} address="/settings/notices" dismiss={dismiss} />}
        {children}
      </main>
    </div>
  )
}
