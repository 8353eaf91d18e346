import { Fragment } from 'react'
import { Tooltip } from './tooltip'

/** Three lines of the narrowest column, in characters. A longer URL loses its middle. */
const charactersAtMost = 72
const tail = 24

/**
 * A URL on as many lines as it needs, broken after a slash first. A very long one is cut in the middle; it is whole on hover
 * and for screen readers. It is no tab stop: the page of each row shows it whole.
 */
export function WrappedUrl({ url }: { url: string }) {
  const cut = url.length > charactersAtMost
  const head = cut ? url.slice(0, charactersAtMost - tail - 1) : url
  const shown = (
    <span className="font-mono text-sm rows:relative rows:z-1">
      {head.split(/(?<=[/?&])(?!\/)/).map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one URL, in its order
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
      {cut && (
        <>
          <span aria-hidden className="select-none">
            …
          </span>
          <span className="sr-only">{url.slice(head.length, -tail)}</span>
          {url.slice(-tail)}
        </>
      )}
    </span>
  )
  return cut ? <Tooltip content={<span className="font-mono">{url}</span>}>{shown}</Tooltip> : shown
}
