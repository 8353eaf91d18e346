'use client'

import { type ReactNode, useId } from 'react'
import { classNames } from './class-names'
import { FieldError } from './field'
import { useAfterPress } from './use-after-press'

type Props = { legend: ReactNode; help?: ReactNode; error?: string; className?: string; children: ReactNode }

/** Several controls that answer one question, such as check boxes, radio buttons or pickers. */
export function Fieldset({ legend, help, className, children, ...rest }: Props) {
  const id = useId()
  const error = useAfterPress(rest.error)
  const described = [help && `${id}-help`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <fieldset
      aria-describedby={described || undefined}
      aria-invalid={error ? true : undefined}
      className={classNames('flex min-w-0 flex-col gap-2', className)}
    >
      <legend className={classNames('font-medium', !help && 'mb-2')}>{legend}</legend>
      {help && (
        <p id={`${id}-help`} className="text-muted text-sm">
          {help}
        </p>
      )}
      {children}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </fieldset>
  )
}
