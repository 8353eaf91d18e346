'use client'

import { useState } from 'react'
import { rotationDays } from '@/lib/accounts/api-key-schema'
import type { ApiKey } from '@/lib/accounts/api-keys'
import type { FormResult } from '@/lib/form-result'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Field } from '../ui/field'
import { SecretField } from '../ui/secret-field'
import { Select } from '../ui/select'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'

type Props = { apiKey: ApiKey; rotate: (id: string, days: number) => Promise<FormResult<{ key: string }>> }

/** Makes a key that takes this one's place; both work for some days. */
export function RotateKey({ apiKey: { id, name, prefix }, rotate }: Props) {
  const [open, setOpen] = useState(false)
  const [days, setDays] = useState<number>(7)
  const [made, setMade] = useState<string>()
  const { run, pending } = useAction()
  const press = () =>
    run(
      () => rotate(id, days),
      (result) => (result.ok ? setMade(result.value.key) : toastRefusal(result)),
    )
  const close = (next: boolean) => {
    setOpen(next)
    setMade(undefined)
  }
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      trigger={
        <Button size="sm">
          Rotate<span className="sr-only"> {name}</span>
        </Button>
      }
      title={made ? `The new key of “${name}”` : `Rotate “${name}”`}
      description={
        made
          ? `Copy it now: it can’t be shown again. The key that starts with ${prefix} still works for ${inDays(days)}.`
          : 'You get a second key with the same scopes. Both work until the old one ends.'
      }
      footer={
        made ? (
          <Button onClick={() => close(false)}>I have copied it</Button>
        ) : (
          <Button variant="primary" pending={pending} onClick={press}>
            Make the new key
          </Button>
        )
      }
    >
      {made ? (
        <SecretField label="API key" value={made} open />
      ) : (
        <Field label="The old key ends in">
          <Select
            value={String(days)}
            onChange={({ target }) => setDays(Number(target.value))}
            options={rotationDays.map((value) => ({ value: String(value), label: inDays(value) }))}
          />
        </Field>
      )}
    </Dialog>
  )
}

const inDays = (days: number) => (days === 1 ? '1 day' : `${days} days`)
