'use client'

import { CircleAlert } from 'lucide-react'
import { createContext, type ReactNode, useContext, useId } from 'react'
import { classNames } from './class-names'
import { useAfterPress } from './use-after-press'

/** The attributes that a control takes from its field. */
type FieldControl = { id?: string; 'aria-describedby'?: string; 'aria-invalid'?: true }
const FieldContext = createContext<FieldControl>({})

/** The id and aria attributes that a control takes from the Field around it. */
export const useFieldControl = (): FieldControl => useContext(FieldContext)

export type FieldProps = {
  label: ReactNode
  help?: ReactNode
  error?: string
  /** Shows "(optional)" beside the label. */
  optional?: boolean
  /** The number of characters and their limit, shown from 80 % of the limit. */
  counter?: { length: number; limit: number }
  className?: string
  children: ReactNode
}

/** A label and one control with its help, counter and error. Help is above the control, the error below it. */
export function Field({ label, help, optional, counter, className, children, ...rest }: FieldProps) {
  const id = useId()
  const error = useAfterPress(rest.error)
  const near = counter && counter.length >= counter.limit * 0.8
  const described = [help && `${id}-help`, near && `${id}-counter`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={classNames('flex min-w-0 flex-col gap-2', className)}>
      <div>
        <label htmlFor={id} className="font-medium">
          {label}
          {optional && <span className="font-normal text-muted"> (optional)</span>}
        </label>
        {help && (
          <p id={`${id}-help`} className="text-muted text-sm">
            {help}
          </p>
        )}
      </div>
      <FieldContext
        value={{ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined }}
      >
        {children}
      </FieldContext>
      {(error || near) && (
        <div className="flex items-start justify-between gap-3 text-sm">
          <FieldError id={`${id}-error`}>{error}</FieldError>
          {near && (
            <span
              id={`${id}-counter`}
              className={classNames(
                'shrink-0 tabular-nums',
                counter.length > counter.limit ? 'text-danger' : 'text-muted',
              )}
            >
              {counter.length} of {counter.limit}
              <span className="sr-only"> characters</span>
            </span>
          )}
        </div>
      )}
    </div>
  )
}

/** The error below a control or a group of controls. */
export function FieldError({ id, children }: { id: string; children?: string }) {
  if (!children) return <span />
  return (
    <p id={id} className="flex min-w-0 gap-1.5 text-danger text-sm">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0">{children}</span>
    </p>
  )
}
