'use client'

import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import { type ReactElement, type ReactNode, useState } from 'react'
import type { FormError, FormResult } from '@/lib/form-result'
import { Button } from './button'
import { Callout } from './callout'
import { CureButton } from './cure-button'
import { backdropClasses, footerClasses, popupClasses } from './dialog'
import { useAction } from './use-action'

type Props<T> = {
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  /** A question that names the thing: "Delete “Low ratings”?" */
  title: ReactNode
  /** What will happen: "12 queued calls will be cancelled." */
  children: ReactNode
  /** The verb on the button: "Delete". */
  confirmLabel: string
  cancelLabel?: string
  tone?: 'danger' | 'primary'
  /** The dialog stays open while this runs. It closes when it is done, and says why when it is refused. */
  action: () => Promise<FormResult<T>>
  onDone?: (value: T) => void
}

/** Asks for confirmation of an action that can't be undone. */
export function ConfirmDialog<T>(props: Props<T>) {
  const { trigger, title, children, confirmLabel, cancelLabel = 'Cancel', tone = 'danger', action, onDone } = props
  const [ownOpen, setOwnOpen] = useState(false)
  const [refusal, setRefusal] = useState<FormError>()
  const { run, pending } = useAction()
  const open = props.open ?? ownOpen
  const show = (next: boolean) => {
    setRefusal(undefined)
    setOwnOpen(next)
    props.onOpenChange?.(next)
  }
  const confirm = () =>
    run(action, (result) => {
      if (!result.ok) return setRefusal(result.errors[0])
      onDone?.(result.value)
      show(false)
    })
  return (
    <Base.Root open={open} onOpenChange={(next) => !pending && show(next)}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={backdropClasses} />
        <Base.Popup className={popupClasses}>
          <Base.Title className="font-semibold text-lg [overflow-wrap:anywhere]">{title}</Base.Title>
          <Base.Description render={<div />} className="flex flex-col gap-2 text-muted">
            {children}
          </Base.Description>
          {refusal && (
            <Callout tone="danger" role="alert" action={refusal.cure && <CureButton cure={refusal.cure} />}>
              {refusal.message}
            </Callout>
          )}
          <div className={footerClasses}>
            <Base.Close render={<Button disabled={pending}>{cancelLabel}</Button>} />
            <Button variant={tone} pending={pending} onClick={confirm}>
              {confirmLabel}
            </Button>
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  )
}
