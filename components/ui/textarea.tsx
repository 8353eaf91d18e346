'use client'

import type { ComponentProps } from 'react'
import { classNames } from './class-names'
import { useFieldControl } from './field'
import { controlClasses } from './input'

type Props = ComponentProps<'textarea'> & { /** Monospace, for JSON and code. */ mono?: boolean }

/** A text field of several lines that grows with its text. Put it in a Field. */
export function Textarea({ mono, rows = 4, className, ...rest }: Props) {
  const control = useFieldControl()
  return (
    <textarea
      {...control}
      {...(mono && { spellCheck: false, autoCapitalize: 'none', autoCorrect: 'off' })}
      {...rest}
      rows={rows}
      className={classNames(
        controlClasses,
        'field-sizing-content max-h-96 py-2 read-only:bg-sunken',
        mono && 'font-mono md:text-sm',
        className,
      )}
    />
  )
}
