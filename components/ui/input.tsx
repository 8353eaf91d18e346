'use client'

import type { ComponentProps } from 'react'
import { classNames } from './class-names'
import { useFieldControl } from './field'

/** Classes shared by text fields and selects. 16 px on phones, because browsers zoom in on smaller text. */
export const controlClasses =
  'w-full min-w-0 rounded-control border border-control bg-raised px-3 text-base text-text transition-colors max-md:min-h-11 max-md:text-lg focus-visible:outline-offset-[-1px] aria-invalid:border-danger disabled:bg-sunken disabled:text-muted'

type Props = ComponentProps<'input'> & { /** Monospace, for URLs, keys and ids. */ mono?: boolean }

/** A one-line text field. Put it in a Field. */
export function Input({ mono, className, ...rest }: Props) {
  const control = useFieldControl()
  return (
    <input
      {...control}
      {...(mono && { spellCheck: false, autoCapitalize: 'none', autoCorrect: 'off' })}
      {...rest}
      className={classNames(controlClasses, 'h-9 read-only:bg-sunken', mono && 'font-mono md:text-sm', className)}
    />
  )
}
