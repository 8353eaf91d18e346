'use client'

import { type ComponentProps, useEffect, useRef } from 'react'

/** The heading of a page that takes the focus when the page opens, so that a screen reader begins there. */
export function FocusedHeading(props: ComponentProps<'h1'>) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return <h1 {...props} ref={heading} tabIndex={-1} />
}
