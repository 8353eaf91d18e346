'use client'

import { Eye, EyeOff } from 'lucide-react'
import { useState, useTransition } from 'react'
import { Button } from './button'
import { CopyButton } from './copy-button'
import { toast } from './toast'

type Props = {
  /** What it is: "Pre-shared key". */
  label: string
  /** The secret itself, when the page may know it… */
  value?: string
  /** …or how to get it when a person asks. Its error is a sentence for them. */
  reveal?: () => Promise<{ value: string } | { error: string }>
  /** Shown from the start, as for a key that is shown once. */
  open?: boolean
}

/** A secret: masked until asked for, to be copied. */
export function SecretField({ label, value: given, reveal, open = false }: Props) {
  const [value, setValue] = useState(given)
  const [shown, setShown] = useState(open)
  const [pending, startTransition] = useTransition()

  const load = async (): Promise<string | undefined> => {
    if (value !== undefined || !reveal) return value
    const answer = await reveal()
    if ('error' in answer) {
      toast.error(answer.error)
      return undefined
    }
    setValue(answer.value)
    return answer.value
  }
  const toggle = () => {
    if (shown) return setShown(false)
    startTransition(async () => {
      if ((await load()) !== undefined) setShown(true)
    })
  }
  return (
    <div className="flex min-w-0 items-center gap-1 rounded-control border border-border bg-sunken py-1 pr-1 pl-3">
      {/* biome-ignore lint/a11y/useSemanticElements: a form's output element would be announced at each change */}
      <span
        role="group"
        aria-label={label}
        className="min-w-0 flex-1 select-all font-mono text-sm [overflow-wrap:anywhere]"
      >
        {shown && value !== undefined ? value : <Mask />}
      </span>
      <Button
        variant="ghost"
        size="sm"
        pending={pending}
        aria-label={shown ? `Hide ${label}` : `Reveal ${label}`}
        aria-pressed={shown}
        icon={shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
        onClick={toggle}
      />
      <CopyButton what={label} text={async () => (await load()) ?? ''} />
    </div>
  )
}

const Mask = () => (
  <span className="select-none tracking-widest">
    <span aria-hidden>••••••••••••••••</span>
    <span className="sr-only">hidden</span>
  </span>
)
