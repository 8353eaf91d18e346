import { Check } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from '../../ui/class-names'

type Tone = 'accent' | 'danger' | 'warning' | 'success'

const checked: Record<Tone, string> = {
  accent: 'has-checked:border-accent has-checked:bg-accent-fill has-checked:text-accent-text',
  danger: 'has-checked:border-danger has-checked:bg-danger-fill has-checked:text-danger',
  warning: 'has-checked:border-warning has-checked:bg-warning-fill has-checked:text-warning',
  success: 'has-checked:border-success has-checked:bg-success-fill has-checked:text-success',
}

type Props = Omit<ComponentProps<'input'>, 'type'> & {
  /** What screen readers say: "3 stars". */
  label: string
  tone?: Tone
  /** Without children, the mark is centred. */
  children?: ReactNode
}

/** A check box drawn as what it chooses. When ticked it has a mark, a fill and a stronger edge. */
export function ToggleBox({ label, tone = 'accent', className, children, ...rest }: Props) {
  return (
    <label
      className={classNames(
        'group relative flex flex-col items-center justify-center rounded-control border border-control bg-raised text-muted transition-colors hover:bg-sunken',
        'has-focus-visible:outline-2 has-focus-visible:outline-ring has-focus-visible:outline-offset-2',
        checked[tone],
        className,
      )}
    >
      <input
        {...rest}
        type="checkbox"
        aria-label={label}
        className="absolute inset-0 cursor-pointer appearance-none rounded-control focus-visible:outline-none"
      />
      <Check
        aria-hidden
        strokeWidth={3.5}
        className={classNames(
          'pointer-events-none opacity-0 group-has-checked:opacity-100',
          children ? 'absolute top-0.5 right-0.5 size-2.5' : 'size-4',
        )}
      />
      {children}
    </label>
  )
}
