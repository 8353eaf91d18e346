'use client'

import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import { classNames } from './class-names'
import { useFieldControl } from './field'
import { controlClasses } from './input'

type Props = ComponentProps<'select'> & { options: readonly { value: string; label: string; disabled?: boolean }[] }

/** The browser's native select, which works best on phones and with screen readers. Put it in a Field. */
export function Select({ options, className, ...rest }: Props) {
  const control = useFieldControl()
  return (
    <span className={classNames('relative block', className)}>
      <select {...control} {...rest} className={classNames(controlClasses, 'h-9 appearance-none truncate pr-9')}>
        {options.map(({ value, label, disabled }) => (
          <option key={value} value={value} disabled={disabled}>
            {label}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-muted"
      />
    </span>
  )
}
