'use client'

import type { FieldValues, Path, UseFormReturn } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import { useKeptForm } from './kept-forms'
import { useAction } from './use-action'

/**
 * Connects a form to a server action: validates and runs the action, then shows its errors at their fields and focuses
 * the first, or calls `onDone`. The form keeps its values whatever becomes of the action: an error of the whole form has
 * the cure as its type, and FormErrors offers it.
 */
export function useFormAction<Values extends FieldValues, Context, Parsed, Value>(
  form: UseFormReturn<Values, Context, Parsed>,
  action: (values: Parsed) => Promise<FormResult<Value>>,
  onDone?: (value: Value, values: Parsed) => void,
) {
  const { run, pending } = useAction()
  useKeptForm(form)
  const submit = form.handleSubmit((values) =>
    run(
      () => action(values),
      (result) => {
        if (result.ok) return onDone?.(result.value, values)
        result.errors.forEach(({ field, message, cure }, index) => {
          form.setError((field ?? 'root') as Path<Values>, { type: cure, message }, { shouldFocus: index === 0 })
        })
      },
    ),
  )
  return { submit, pending }
}
