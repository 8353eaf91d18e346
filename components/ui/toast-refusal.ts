import type { FormError } from '@/lib/form-result'
import { reloadKeepingForms } from './kept-forms'
import { toast } from './toast'

type Options = { title?: string /** The toast that this one takes the place of. */; id?: string | number }

/** Shows why an action outside a form was not carried out, with what cures it. */
export function toastRefusal({ errors: [error] }: { errors: FormError[] }, { title, id }: Options = {}): void {
  const { message, cure } = error ?? { message: 'Try again in a moment.' }
  const action =
    cure === 'reload'
      ? { label: 'Reload', onClick: reloadKeepingForms }
      : cure === 'sign-in' && { label: 'Sign in', onClick: () => window.open('/sign-in', '_blank', 'noopener') }
  toast.error(title ?? message, { id, description: title && message, action: action || undefined })
}
