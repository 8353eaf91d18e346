'use client'

import { classNames } from './class-names'
import { CopyButton } from './copy-button'

type Props = {
  code: string
  /** The name of the code, for the copy button: "curl command". */
  what: string
  /** Shown above the code: "Terminal" or a file name. */
  title?: string
  /** False: long lines do not wrap, and the block scrolls sideways. */
  wrap?: boolean
  /** No frame, for use inside a Card. */
  bare?: boolean
}

/** Code or a body as text, with a copy button. A client component, so that a page carries the text once as data, not twice. */
export function CodeBlock({ code, what, title, wrap = true, bare = false }: Props) {
  return (
    <figure className={classNames('min-w-0 overflow-hidden', !bare && 'rounded-card border border-border bg-sunken')}>
      <figcaption className="flex min-h-10 items-center justify-between gap-3 border-border border-b py-0.5 pr-1 pl-3 text-muted text-sm">
        {title ?? what}
        <CopyButton what={what} text={code} />
      </figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
        tabIndex={0}
        className={classNames(
          'max-h-[36rem] overflow-auto p-3 focus-visible:outline-offset-[-2px]',
          wrap && 'whitespace-pre-wrap [overflow-wrap:anywhere]',
        )}
      >
        <code>{code}</code>
      </pre>
    </figure>
  )
}
