'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { useState } from 'react'
import { useForm } from 'react-hook-form'
import { type Confirmation, confirmationSchema } from '@/lib/erasure/erasure-schema'
import type { ShownErasure } from '@/lib/erasure/erasures'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { Input } from '../ui/input'
import { toast } from '../ui/toast'
import { useFormAction } from '../ui/use-form-action'
import type { ErasureActions } from './erasure-actions'
import { foundNothing, foundWords, keyWords } from './erasure-words'

type Props = { erasure: ShownErasure; confirm: ErasureActions['confirm'] }

/** Asks for the address or id once more, then erases. */
export function ConfirmErasure({ erasure, confirm }: Props) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="sm" variant="danger" onClick={() => setOpen(true)}>
        Erase…
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Erase this customer?"
        description={
          foundNothing(erasure)
            ? 'Nothing was found. Test fires that hold the address or id will be overwritten. This can’t be undone.'
            : `${foundWords(erasure)} will be overwritten, with what was sent of them and what your endpoints answered. What is queued is cancelled. This can’t be undone.`
        }
      >
        <ConfirmForm erasure={erasure} confirm={confirm} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

function ConfirmForm({ erasure: { id, by }, confirm, onDone }: Props & { onDone: () => void }) {
  const form = useForm({
    resolver: zodResolver(confirmationSchema),
    mode: 'onTouched',
    defaultValues: { typed: '' } as Confirmation,
  })
  const { errors, submitCount } = form.formState
  const { submit, pending } = useFormAction(
    form,
    (values) => confirm(id, values),
    () => {
      toast.success('The customer is being erased.', { description: 'The list shows how far it is.' })
      onDone()
    },
  )
  const { label } = keyWords[by]
  return (
    <Form onSubmit={submit}>
      <div className="flex flex-col gap-4">
        <Field label={`${label}, once more`} error={errors.typed?.message}>
          <Input autoComplete="off" autoCapitalize="none" {...form.register('typed')} />
        </Field>
        <FormErrors errors={errors} labels={{ typed: label }} submitCount={submitCount} />
        <div className="flex justify-end gap-2 max-md:flex-col-reverse">
          <Button onClick={onDone} disabled={pending}>
            Cancel
          </Button>
          <Button type="submit" variant="danger" pending={pending}>
            Erase for good
          </Button>
        </div>
      </div>
    </Form>
  )
}
