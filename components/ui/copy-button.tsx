'use client'

import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button'
import { toast } from './toast'

type Props = {
  /** A function gives undefined, and says why, when there is nothing to copy. */
  text: string | (() => Promise<string | undefined>)
  /** What is copied: "key", "URL". */
  what: string
  /** Shows "Copy" beside the icon, or these words. */
  labelled?: boolean | string
  size?: 'md' | 'sm'
}

/** Copies the text and shows "Copied" for two seconds. */
export function CopyButton({ text, what, labelled = false, size = 'sm' }: Props) {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = async () => {
    const given = typeof text === 'string' ? text : await text()
    if (given === undefined) return
    if (await copyText(given)) setCopied(true)
    else toast.error(`Your browser did not let us copy the ${what}.`, { description: 'Select it and copy it by hand.' })
  }
  return (
    <>
      <Button
        size={size}
        variant={labelled ? 'secondary' : 'ghost'}
        aria-label={labelled ? undefined : `Copy ${what}`}
        icon={copied ? <Check aria-hidden className="text-success" /> : <Copy aria-hidden />}
        onClick={copy}
      >
        {labelled && (copied ? 'Copied' : labelled === true ? 'Copy' : labelled)}
        {labelled === true && <span className="sr-only"> {what}</span>}
      </Button>
      <span role="status" className="sr-only">
        {copied && `Copied the ${what}.`}
      </span>
    </>
  )
}

/** navigator.clipboard does not exist on plain http, where a hub without a proxy may run. */
async function copyText(text: string): Promise<boolean> {
  if (navigator.clipboard)
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    )
  const field = document.createElement('textarea')
  field.value = text
  field.style.position = 'fixed'
  field.style.opacity = '0'
  document.body.append(field)
  field.select()
  const done = document.execCommand('copy')
  field.remove()
  return done
}
