'use client'

import { type ComponentProps, type ReactNode, useId } from 'react'
import { classNames } from './class-names'

type Props = Omit<ComponentProps<'input'>, 'type'> & { label: ReactNode; help?: ReactNode }

/** One choice as a line. Put the choices of one `name` in a Fieldset. */
export function Radio({ label, help, className, disabled, ...rest }: Props) {
  const id = useId()
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: Dot renders the control
    <label
      className={classNames(
        'flex min-w-0 items-start gap-2.5 max-md:min-h-11 max-md:py-3',
        disabled && 'text-muted',
        className,
      )}
    >
      <RadioDot
        aria-labelledby={`${id}-label`}
        aria-describedby={help ? `${id}-help` : undefined}
        {...rest}
        disabled={disabled}
      />
      <span className="min-w-0">
        <span id={`${id}-label`}>{label}</span>
        {help && (
          <span id={`${id}-help`} className="block text-muted text-sm">
            {help}
          </span>
        )}
      </span>
    </label>
  )
}

/**
 * One choice as a card, for a choice on which the rest of the form depends. Put the choices of one `name` in a
 * Fieldset.
 */
export function RadioCard({ label, help, className, disabled, ...rest }: Props) {
  const id = useId()
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: Dot renders the control
    <label
      className={classNames(
        'flex min-w-0 items-start gap-2.5 rounded-card border border-border bg-raised p-3 transition-colors max-md:min-h-11',
        'has-checked:border-accent has-checked:bg-accent-fill has-focus-visible:outline-2 has-focus-visible:outline-ring has-focus-visible:outline-offset-2',
        disabled ? 'text-muted' : 'hover:border-control',
        className,
      )}
    >
      <RadioDot
        aria-labelledby={`${id}-label`}
        aria-describedby={help ? `${id}-help` : undefined}
        {...rest}
        disabled={disabled}
        className="focus-visible:outline-none"
      />
      <span className="min-w-0">
        <span id={`${id}-label`} className="font-medium">
          {label}
        </span>
        {help && (
          <span id={`${id}-help`} className="block text-muted text-sm">
            {help}
          </span>
        )}
      </span>
    </label>
  )
}

function RadioDot({ className, ...rest }: Omit<ComponentProps<'input'>, 'type'>) {
  return (
    <input
      {...rest}
      type="radio"
      className={classNames(
        'mt-0.5 size-4 shrink-0 appearance-none rounded-full border border-control bg-raised transition-colors checked:border-[5px] checked:border-accent checked:bg-white disabled:opacity-50',
        className,
      )}
    />
  )
}
