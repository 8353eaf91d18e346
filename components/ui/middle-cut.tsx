'use client'

import { classNames } from './class-names'
import { Tooltip } from './tooltip'

type Props = {
  text: string
  /** How many characters at the end are always visible. */
  tail?: number
  className?: string
}

/**
 * A long URL or id on one line, cut in the middle. It is whole on hover, when copied, and for screen readers. It is no tab
 * stop: the page of each row shows it whole.
 */
export function MiddleCut({ text, tail = 12, className }: Props) {
  const cut = Math.max(0, text.length - tail)
  return (
    <Tooltip content={<span className="font-mono">{text}</span>}>
      <span
        className={classNames(
          'inline-flex max-w-full align-bottom font-mono text-sm rows:relative rows:z-1',
          className,
        )}
      >
        <span className="min-w-0 truncate whitespace-pre">{text.slice(0, cut)}</span>
        <span className="shrink-0 whitespace-pre">{text.slice(cut)}</span>
      </span>
    </Tooltip>
  )
}
