'use client'

import { type RefObject, useRef, useState } from 'react'

/** Props for the element around the frozen list. */
type Frame = {
  ref: RefObject<HTMLDivElement | null>
  onPointerEnter: () => void
  onPointerLeave: () => void
  onFocus: () => void
  onBlur: () => void
}

/**
 * Returns `latest`, but freezes it while the pointer or focus is in the frame, so that nothing moves under the pointer.
 * `catchUp` shows the latest at once.
 */
export function useFreeze<Seen>(latest: Seen): { shown: Seen; catchUp: () => void; frame: Frame } {
  const ref = useRef<HTMLDivElement>(null)
  const [busy, setBusy] = useState(false)
  const [shown, setShown] = useState(latest)
  if (!busy && shown !== latest) setShown(latest)
  const updateBusy = () =>
    setBusy(Boolean(ref.current?.matches(':hover') || ref.current?.contains(document.activeElement)))
  return {
    shown,
    catchUp: () => setShown(latest),
    frame: {
      ref,
      onPointerEnter: () => setBusy(true),
      onPointerLeave: updateBusy,
      onFocus: () => setBusy(true),
      onBlur: () => requestAnimationFrame(updateBusy),
    },
  }
}

/** How many rows of `latest` are newer than the first row of `shown`. */
export function countNew(latest: readonly { id: string }[], shown: readonly { id: string }[]): number {
  const first = latest.findIndex(({ id }) => id === shown[0]?.id)
  return first === -1 ? latest.length : first
}
