'use client'

import { ArrowLeft, ArrowRight } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect } from 'react'
import { Button } from '../ui/button'
import { LinkButton } from '../ui/link-button'

type Props = {
  /** The addresses of the calls beside this one in its list; undefined at an end of it. */
  newer: string | undefined
  older: string | undefined
}

/** Where an arrow key moves something else. */
const ownsArrows =
  'input, textarea, select, pre, [contenteditable], [role=tab], [role=menu], [role=alertdialog], [aria-haspopup]'

/** Steps through the list that a call was opened from: two links, and the keys ← and →. */
export function StepCalls({ newer, older }: Props) {
  const router = useRouter()
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key, target, defaultPrevented, altKey, ctrlKey, metaKey, shiftKey } = event
      const address = key === 'ArrowLeft' ? newer : key === 'ArrowRight' ? older : undefined
      if (!address || defaultPrevented || altKey || ctrlKey || metaKey || shiftKey) return
      if (target instanceof Element && target.closest(ownsArrows)) return
      event.preventDefault()
      router.replace(address, { scroll: false })
    }
    // Before the sheet, which keeps arrow keys to itself.
    document.addEventListener('keydown', onKey, { capture: true })
    return () => document.removeEventListener('keydown', onKey, { capture: true })
  }, [router, newer, older])
  return (
    <nav aria-label="Calls beside this one" className="flex gap-1">
      <Step href={newer} label="Newer call" shortcut="ArrowLeft" icon={<ArrowLeft aria-hidden />} />
      <Step href={older} label="Older call" shortcut="ArrowRight" icon={<ArrowRight aria-hidden />} />
    </nav>
  )
}

type StepProps = { href: string | undefined; label: string; shortcut: string; icon: ReactNode }

const Step = ({ href, label, shortcut, icon }: StepProps) =>
  href === undefined ? (
    <Button size="sm" disabled aria-label={label} icon={icon} />
  ) : (
    <LinkButton
      size="sm"
      href={href}
      replace
      scroll={false}
      aria-label={label}
      aria-keyshortcuts={shortcut}
      title={`${label} (${shortcut === 'ArrowLeft' ? '←' : '→'})`}
      icon={icon}
    />
  )
