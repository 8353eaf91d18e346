import { classNames } from './class-names'
import { CopyButton } from './copy-button'

type Props = {
  code: string
  /** What it is, also the copy button's name: "curl command". */
  what: string
  /** Above the code: "Terminal", a file name. */
  title?: string
  /** Long lines wrap unless false; then the block scrolls by itself. */
  wrap?: boolean
  /** Stands in a Card: no frame of its own. */
  bare?: boolean
}

/** Code or a body, as text, with copy. */
export function CodeBlock({ code, what, title, wrap = true, bare = false }: Props) {
  return (
    <figure className={classNames('min-w-0 overflow-hidden', !bare && 'rounded-card border border-border bg-sunken')}>
      <figcaption className="flex min-h-10 items-center justify-between gap-3 border-border border-b py-0.5 pr-1 pl-3 text-muted text-sm">
        {title ?? what}
        <CopyButton what={what} text={code} />
      </figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reachable by keyboard
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
