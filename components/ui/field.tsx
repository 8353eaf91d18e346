'use client'

import { CircleAlert } from 'lucide-react'
import { createContext, type ReactNode, useContext, useId } from 'react'
import { classNames } from './class-names'
import { useAfterPress } from './use-after-press'

/** What a control takes over from its field. */
type FieldControl = { id?: string; 'aria-describedby'?: string; 'aria-invalid'?: true }
const FieldContext = createContext<FieldControl>({})

/** For controls: the id and aria attributes of the field they stand in. */
export const useFieldControl = (): FieldControl => useContext(FieldContext)

export type FieldProps = {
  label: ReactNode
  help?: ReactNode
  error?: string
  /** Says "Optional" beside the label. */
  optional?: boolean
  /** Counts against a limit; shown from 80 % of it. */
  counter?: { length: number; limit: number }
  className?: string
  children: ReactNode
}

/** A label, one control, its help, counter and error, wired once. Help stands above the control, the error under it. */
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

/** The error line under a control or a group of them. */
export function FieldError({ id, children }: { id: string; children?: string }) {
  if (!children) return <span />
  return (
    <p id={id} className="flex min-w-0 gap-1.5 text-danger text-sm">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0">{children}</span>
    </p>
  )
}
