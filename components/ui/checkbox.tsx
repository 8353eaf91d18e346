'use client'

import { Check, Minus } from 'lucide-react'
import { type ComponentProps, type ReactNode, type Ref, useId } from 'react'
import { classNames } from './class-names'

type Props = Omit<ComponentProps<'input'>, 'type'> & { label: ReactNode; help?: ReactNode; indeterminate?: boolean }

/** A check box with its label. Put several in a Fieldset. */
export function Checkbox({ label, help, indeterminate = false, className, disabled, ref, ...rest }: Props) {
  const id = useId()
  return (
    <label
      className={classNames(
        'flex min-w-0 items-start gap-2.5 max-md:min-h-11 max-md:py-3',
        disabled && 'text-muted',
        className,
      )}
    >
      <span className="relative mt-0.5 grid size-4 shrink-0 place-items-center">
        <input
          aria-labelledby={`${id}-label`}
          aria-describedby={help ? `${id}-help` : undefined}
          {...rest}
          ref={(box) => {
            if (box) box.indeterminate = indeterminate
            return give(ref, box)
          }}
          type="checkbox"
          disabled={disabled}
          className="peer col-start-1 row-start-1 size-4 appearance-none rounded-[4px] border border-control bg-raised transition-colors checked:border-accent checked:bg-accent indeterminate:border-accent indeterminate:bg-accent disabled:opacity-50"
        />
        {indeterminate ? (
          <Minus
            aria-hidden
            strokeWidth={3}
            className="pointer-events-none col-start-1 row-start-1 size-3 text-white"
          />
        ) : (
          <Check
            aria-hidden
            strokeWidth={3.5}
            className="pointer-events-none col-start-1 row-start-1 size-3 text-white opacity-0 peer-checked:opacity-100"
          />
        )}
      </span>
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

/** `indeterminate` is a property, not an attribute, so the box needs a ref of its own besides the caller's. */
function give<T>(ref: Ref<T> | undefined, node: T | null) {
  if (typeof ref === 'function') return ref(node)
  if (ref) ref.current = node
}
