import type { ComponentProps, ReactNode } from 'react'
import { type ButtonSize, type ButtonVariant, buttonClasses } from './button-classes'
import { Link } from './link'

type Props = ComponentProps<typeof Link> & { variant?: ButtonVariant; size?: ButtonSize; icon?: ReactNode }

/** A link that looks like a button. It navigates and changes nothing. */
export function LinkButton({ variant = 'secondary', size = 'md', icon, className, children, ...rest }: Props) {
  return (
    <Link {...rest} className={buttonClasses(variant, size, { iconOnly: !children, className })}>
      {icon}
      {children}
    </Link>
  )
}
