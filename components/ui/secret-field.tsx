'use client'

import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { done } from '@/lib/form-result'
import { Button } from './button'
import { CopyButton } from './copy-button'
import { refusedBy } from './refused-by'
import { toast } from './toast'
import { toastRefusal } from './toast-refusal'
import { useAction } from './use-action'

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
  const { run, pending } = useAction()

  /** The secret; undefined when it can't be read, which a toast says. */
  const load = async (): Promise<string | undefined> => {
    if (value !== undefined || !reveal) return value
    const answer = await reveal().then(done, refusedBy)
    if (!answer.ok) return void toastRefusal(answer)
    if ('error' in answer.value) return void toast.error(answer.value.error)
    setValue(answer.value.value)
    return answer.value.value
  }
  const toggle = () => {
    if (shown) return setShown(false)
    run(
      async () => done(await load()),
      (loaded) => setShown(loaded.ok && loaded.value !== undefined),
    )
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
      <CopyButton what={label} text={load} />
    </div>
  )
}

const Mask = () => (
  <span className="select-none tracking-widest">
    <span aria-hidden>••••••••••••••••</span>
    <span className="sr-only">hidden</span>
  </span>
)
