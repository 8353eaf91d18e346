'use client'

import { AlertDialog as Base } from '@base-ui/react/alert-dialog'
import { type ReactElement, type ReactNode, useState, useTransition } from 'react'
import { Button } from './button'
import { backdropClasses, footerClasses, popupClasses } from './dialog'

type Props = {
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
  /** The dialog stays open while this runs, and closes when it is done, unless it returns false. */
  onConfirm: () => Promise<boolean | undefined> | Promise<void>
}

/** Asks for confirmation of an action that can't be undone. */
export function ConfirmDialog(props: Props) {
  const { trigger, title, children, confirmLabel, cancelLabel = 'Cancel', tone = 'danger', onConfirm } = props
  const [ownOpen, setOwnOpen] = useState(false)
  const [pending, startTransition] = useTransition()
  const open = props.open ?? ownOpen
  const setOpen = (next: boolean) => {
    if (pending) return
    setOwnOpen(next)
    props.onOpenChange?.(next)
  }
  const confirm = () =>
    startTransition(async () => {
      if ((await onConfirm()) === false) return
      setOwnOpen(false)
      props.onOpenChange?.(false)
    })
  return (
    <Base.Root open={open} onOpenChange={setOpen}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Backdrop className={backdropClasses} />
        <Base.Popup className={popupClasses}>
          <Base.Title className="font-semibold text-lg [overflow-wrap:anywhere]">{title}</Base.Title>
          <Base.Description render={<div />} className="flex flex-col gap-2 text-muted">
            {children}
          </Base.Description>
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
