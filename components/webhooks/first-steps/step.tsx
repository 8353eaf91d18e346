import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { classNames } from '../../ui/class-names'

type Props = {
  number: number /** The number of the step to do now. */
  now: number
  title: string
  children: ReactNode
}

/** One step: done, to be done now with its content, or still to come. */
export function Step({ number, now, title, children }: Props) {
  const done = number < now
  return (
    <li aria-current={number === now ? 'step' : undefined} className="flex min-w-0 gap-3">
      <span
        aria-hidden
        className={classNames(
          'grid size-6 shrink-0 place-items-center rounded-full border font-medium text-sm tabular-nums [&_svg]:size-3.5',
          done
            ? 'border-success-border bg-success-fill text-success'
            : number === now
              ? 'border-accent bg-accent-fill text-accent-text'
              : 'border-border text-muted',
        )}
      >
        {done ? <Check /> : number}
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-3">
        <p className={classNames('pt-0.5', number === now ? 'font-medium' : 'text-muted')}>
          {title}
          {done && <span className="sr-only"> (done)</span>}
        </p>
        {number === now && children}
      </div>
    </li>
  )
}
