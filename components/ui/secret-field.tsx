'use client'

import { Eye, EyeOff } from 'lucide-react'
import { useState, useTransition } from 'react'
import { Button } from './button'
import { CopyButton } from './copy-button'
import { toast } from './toast'

type Props = {
  /** The name of the secret: "Pre-shared key". */
  label: string
  /** The secret itself, when the page already has it. */
  value?: string
  /** Otherwise loads the secret when a person reveals or copies it. `error` is a sentence for the person. */
  reveal?: () => Promise<{ value: string } | { error: string }>
  /** Not masked at first, for a key that is shown only once. */
  open?: boolean
}

/** A secret that is masked until it is revealed, with a copy button. */
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
      {/* biome-ignore lint/a11y/useSemanticElements: screen readers announce every change of an <output> */}
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
