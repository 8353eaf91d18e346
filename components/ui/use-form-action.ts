'use client'

import { useTransition } from 'react'
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form'
import { refusalWords } from '@/lib/accounts/refusals'
import { type FormResult, refused } from '@/lib/form-result'

/**
 * Joins a form and a server action: validates, runs the action, puts its errors under their fields and focuses the
 * first, or calls `onDone`. `pending` lasts from the press until the new page is shown.
 */
export function useFormAction<Values extends FieldValues, Context, Parsed, Value>(
  form: UseFormReturn<Values, Context, Parsed>,
  action: (values: Parsed) => Promise<FormResult<Value>>,
  onDone?: (value: Value, values: Parsed) => void,
) {
  const [pending, startTransition] = useTransition()
  const submit = form.handleSubmit((values) => {
    if (pending) return
    startTransition(async () => {
      const result = await action(values).catch(tellInForm)
      // A redirect gives nothing back.
      if (!result) return
      if (result.ok) return onDone?.(result.value, values)
      result.errors.forEach(({ field, message }, index) => {
        form.setError((field ?? 'root') as Path<Values>, { message }, { shouldFocus: index === 0 })
      })
    })
  })
  return { submit, pending }
}

/** A lost connection or a refusal is told in the form, which keeps what was typed; a redirect or a bug goes on. */
function tellInForm(error: unknown) {
  if (error instanceof TypeError)
    return refused('The hub can’t be reached right now. Check your connection and try again.')
  const refusal = refusalWords(error)
  if (refusal) return refused(`${refusal.title}. ${refusal.message}`)
  throw error
}
