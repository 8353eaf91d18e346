'use client'

import { Menu } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button'
import { Sheet } from '../ui/sheet'
import { type ShellProps, Sidebar } from './sidebar'

/** The bar on phones that opens the sidebar as a sheet. */
export function PhoneBar(props: ShellProps) {
  const [open, setOpen] = useState(false)
  return (
    <header className="sticky top-0 z-10 flex items-center gap-2 border-border border-b bg-raised px-2 py-1 md:hidden">
      <Sheet
        label="Navigation"
        side="left"
        open={open}
        onOpenChange={setOpen}
        trigger={<Button variant="ghost" aria-label="Open navigation" icon={<Menu aria-hidden />} />}
      >
        <Sidebar {...props} onNavigate={() => setOpen(false)} />
      </Sheet>
      <span className="min-w-0 flex-1 truncate font-medium">{props.account.name}</span>
    </header>
  )
}
