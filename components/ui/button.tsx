'use client'

import { LoaderCircle } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { type ButtonSize, type ButtonVariant, buttonClasses } from './button-classes'
import { classNames } from './class-names'

type Props = ComponentProps<'button'> & {
  variant?: ButtonVariant
  size?: ButtonSize
  icon?: ReactNode
  /** The action is running: the button keeps its width and focus, and ignores another press. */
  pending?: boolean
}

/** A button. Without text it needs an `aria-label`. A page has one primary button. */
export function Button({
  variant = 'secondary',
  size = 'md',
  icon,
  pending = false,
  type = 'button',
  className,
  children,
  onClick,
  ...rest
}: Props) {
  return (
    <button
      {...rest}
      type={type}
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      onClick={pending ? (event) => event.preventDefault() : onClick}
      className={buttonClasses(variant, size, { iconOnly: !children, className })}
    >
      {pending && (
        <span className="absolute inset-0 grid place-items-center">
          <LoaderCircle aria-hidden className="animate-spin" />
        </span>
      )}
      {icon && <span className={classNames('contents', pending && 'invisible [&_svg]:invisible')}>{icon}</span>}
      {children && <span className={classNames(pending && 'opacity-0')}>{children}</span>}
    </button>
  )
}
