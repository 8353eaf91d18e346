'use client'

import { useState } from 'react'
import { Button } from '../ui/button'
import { classNames } from '../ui/class-names'
import { CopyButton } from '../ui/copy-button'
import { prettyJson } from './pretty-json'

type Props = {
  /** The name of the body, for the copy button: "request body". */
  what: string
  text: string
  /** Shown beside the buttons: the size of the body, or that it was cut. */
  note?: string
}

/** A body as text, never as HTML: indented JSON or the exact bytes, wrapped or not, with a copy button. */
export function BodyView({ what, text, note }: Props) {
  const pretty = prettyJson(text)
  const [raw, setRaw] = useState(false)
  const [wrap, setWrap] = useState(true)
  const shown = raw || pretty === undefined ? text : pretty
  return (
    <div className="flex min-w-0 flex-col">
      <div className="flex flex-wrap items-center gap-1 border-border border-b py-1 pr-1 pl-4 text-sm">
        <span className="mr-auto min-w-0 text-muted">{note}</span>
        {pretty !== undefined && (
          <Button size="sm" variant="ghost" aria-pressed={raw} onClick={() => setRaw(!raw)}>
            {raw ? 'Pretty' : 'Raw'}
          </Button>
        )}
        <Button size="sm" variant="ghost" aria-pressed={wrap} onClick={() => setWrap(!wrap)}>
          {wrap ? 'Don’t wrap' : 'Wrap'}
        </Button>
        <CopyButton what={what} text={text} />
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
        tabIndex={0}
        className={classNames(
          'max-h-[36rem] overflow-auto p-4 focus-visible:outline-offset-[-2px]',
          wrap && 'whitespace-pre-wrap [overflow-wrap:anywhere]',
        )}
      >
        <code>{shown}</code>
      </pre>
    </div>
  )
}
