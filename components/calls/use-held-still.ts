'use client'

import { type RefObject, useRef, useState } from 'react'

/** What an element needs so that the list in it holds still while somebody points at it or stands in it. */
export type Frame = {
  ref: RefObject<HTMLDivElement | null>
  onPointerEnter: () => void
  onPointerLeave: () => void
  onFocus: () => void
  onBlur: () => void
}

/** The latest of something live, but the same as before while it is in use; `catchUp` shows the latest at once. */
export function useHeldStill<Seen>(latest: Seen): { shown: Seen; catchUp: () => void; frame: Frame } {
  const ref = useRef<HTMLDivElement>(null)
  const [busy, setBusy] = useState(false)
  const [shown, setShown] = useState(latest)
  if (!busy && shown !== latest) setShown(latest)
  const settle = () => setBusy(Boolean(ref.current?.matches(':hover') || ref.current?.contains(document.activeElement)))
  return {
    shown,
    catchUp: () => setShown(latest),
    frame: {
      ref,
      onPointerEnter: () => setBusy(true),
      onPointerLeave: settle,
      onFocus: () => setBusy(true),
      onBlur: () => requestAnimationFrame(settle),
    },
  }
}

/** How many rows of `latest` came in since `shown`, whose first row they stand before. */
export function countNew(latest: readonly { id: string }[], shown: readonly { id: string }[]): number {
  const first = latest.findIndex(({ id }) => id === shown[0]?.id)
  return first === -1 ? latest.length : first
}
