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
 * A long URL or id on one line, cut in the middle. It is whole on hover and focus, when copied, and for screen readers.
 */
export function MiddleCut({ text, tail = 12, className }: Props) {
  const cut = Math.max(0, text.length - tail)
  return (
    <Tooltip content={<span className="font-mono">{text}</span>}>
      <span
        // biome-ignore lint/a11y/noNoninteractiveTabindex: focus shows the whole text
        tabIndex={0}
        className={classNames(
          'relative z-1 inline-flex max-w-full rounded-control align-bottom font-mono text-sm',
          className,
        )}
      >
        <span className="min-w-0 truncate whitespace-pre">{text.slice(0, cut)}</span>
        <span className="shrink-0 whitespace-pre">{text.slice(cut)}</span>
      </span>
    </Tooltip>
  )
}
