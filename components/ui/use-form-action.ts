'use client'

import { useTransition } from 'react'
import type { FieldValues, Path, UseFormReturn } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import { refusedBy } from './refused-by'

/**
 * Connects a form to a server action: validates and runs the action, then shows its errors at their fields and focuses
 * the first, or calls `onDone`. `pending` is true from the press until the new page is shown.
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
      const result = await action(values).catch(refusedBy)
      if (result.ok) return onDone?.(result.value, values)
      result.errors.forEach(({ field, message }, index) => {
        form.setError((field ?? 'root') as Path<Values>, { message }, { shouldFocus: index === 0 })
      })
    })
  })
  return { submit, pending }
}
