'use client'

import { type ComponentProps, type ReactNode, useId } from 'react'
import { classNames } from './class-names'

type Props = Omit<ComponentProps<'input'>, 'type' | 'role'> & {
  label: ReactNode
  help?: ReactNode
  /** The label is only for screen readers. */
  bare?: boolean
}

/** A switch that is on or off. The position of the knob and the colour both show the state. */
export function Switch({ label, help, bare = false, className, disabled, ...rest }: Props) {
  const id = useId()
  return (
    <label
      className={classNames(
        'flex min-w-0 items-start gap-4 max-md:min-h-11',
        bare ? 'w-fit items-center max-md:min-w-11 max-md:justify-center' : 'justify-between max-md:py-2',
        className,
      )}
    >
      <span className={classNames('min-w-0', bare && 'sr-only')}>
        <span id={`${id}-label`} className={classNames(!bare && 'font-medium')}>
          {label}
        </span>
        {help && (
          <span id={`${id}-help`} className="block max-w-prose text-muted text-sm">
            {help}
          </span>
        )}
      </span>
      <span className="relative flex h-5 w-9 shrink-0 items-center">
        <input
          aria-labelledby={`${id}-label`}
          aria-describedby={help ? `${id}-help` : undefined}
          {...rest}
          disabled={disabled}
          type="checkbox"
          // biome-ignore lint/a11y/useAriaPropsForRole: a native check box exposes its own checked state
          role="switch"
          className="peer absolute inset-0 appearance-none rounded-full border border-control bg-sunken transition-colors checked:border-accent checked:bg-accent disabled:opacity-50"
        />
        <span
          aria-hidden
          className="pointer-events-none relative ml-[3px] size-3.5 rounded-full bg-muted transition-transform peer-checked:translate-x-4 peer-checked:bg-white"
        />
      </span>
    </label>
  )
}
