'use client'

import { Tabs as Base } from '@base-ui/react/tabs'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { Link } from './link'

const tabClasses =
  '-mb-px inline-flex min-h-10 shrink-0 items-center gap-2 border-transparent border-b-2 px-1 font-medium text-muted transition-colors hover:text-text aria-[current=page]:border-accent aria-[current=page]:text-text data-active:border-accent data-active:text-text max-md:min-h-11 max-md:min-w-11 max-md:justify-center'
const listClasses = 'flex gap-5 overflow-x-auto border-border border-b px-0.5 [scrollbar-width:none]'

type LinkTabsProps = {
  label: string
  items: readonly { href: string; label: ReactNode /** Also current on pages below its address. */; deep?: boolean }[]
}

/** Tabs that are links to pages. */
export function LinkTabs({ label, items }: LinkTabsProps) {
  const pathname = usePathname()
  return (
    <nav aria-label={label} className={listClasses}>
      {items.map(({ href, label, deep }) => {
        const current = pathname === href || (deep && pathname.startsWith(`${href}/`))
        return (
          <Link key={href} href={href} aria-current={current ? 'page' : undefined} className={tabClasses}>
            {label}
          </Link>
        )
      })}
    </nav>
  )
}

type TabsProps = {
  label: string
  items: readonly { value: string; label: ReactNode; content: ReactNode }[]
  value?: string
  defaultValue?: string
  onValueChange?: (value: string) => void
}

/** Tabs within a page. */
export function Tabs({ label, items, value, defaultValue = items[0]?.value, onValueChange }: TabsProps) {
  return (
    <Base.Root
      value={value}
      defaultValue={defaultValue}
      onValueChange={onValueChange}
      className="flex min-w-0 flex-col gap-4"
    >
      <Base.List aria-label={label} activateOnFocus className={listClasses}>
        {items.map(({ value, label }) => (
          <Base.Tab key={value} value={value} className={tabClasses}>
            {label}
          </Base.Tab>
        ))}
      </Base.List>
      {items.map(({ value, content }) => (
        <Base.Panel key={value} value={value} className="min-w-0">
          {content}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
