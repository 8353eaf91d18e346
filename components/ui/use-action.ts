'use client'

import { useTransition } from 'react'
import type { FormResult } from '@/lib/form-result'
import { refusedBy } from './refused-by'

/**
 * Runs server actions, one at a time. What an action throws becomes a refusal in words: it never reaches an error page,
 * which would replace what was typed. `pending` is true from the press until the new page is shown.
 */
export function useAction() {
  const [pending, startTransition] = useTransition()
  const run = <T>(action: () => Promise<FormResult<T>>, onResult: (result: FormResult<T>) => unknown) => {
    if (pending) return
    startTransition(async () => {
      await onResult(await action().catch(refusedBy))
    })
  }
  return { run, pending }
}
