import { classNames } from './class-names'

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger' | 'danger-quiet'
export type ButtonSize = 'md' | 'sm'

const variants: Record<ButtonVariant, string> = {
  primary: 'bg-accent text-white hover:bg-accent-hover',
  secondary: 'border border-control bg-raised text-text hover:bg-sunken',
  ghost: 'text-text hover:bg-sunken',
  danger: 'bg-danger-solid text-white hover:bg-danger-solid-hover',
  'danger-quiet': 'border border-danger-border bg-raised text-danger hover:bg-danger-fill',
}

const sizes: Record<ButtonSize, string> = {
  md: 'min-h-9 px-3.5 text-base',
  sm: 'min-h-8 px-2.5 text-sm',
}

/** For a square button with an icon and no text. */
const iconSizes: Record<ButtonSize, string> = { md: 'size-9', sm: 'size-8' }

/** Classes shared by buttons and links that look like buttons. They are 44 px high on phones. */
export const buttonClasses = (
  variant: ButtonVariant,
  size: ButtonSize,
  { iconOnly = false, className }: { iconOnly?: boolean; className?: string } = {},
): string =>
  classNames(
    'button max-md:min-h-11 max-md:min-w-11',
    'disabled:opacity-50 aria-disabled:cursor-default [&_svg]:size-4 [&_svg]:shrink-0',
    variants[variant],
    (iconOnly ? iconSizes : sizes)[size],
    className,
  )
