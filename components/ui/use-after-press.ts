'use client'

import { useState, useSyncExternalStore } from 'react'

/**
 * The value, but while a mouse button is down the one before. A field left by pressing a button shows its error only
 * after the release: else the error moves the button away from under the pointer and the click is lost.
 */
export function useAfterPress<T>(value: T): T {
  const pressed = useSyncExternalStore(
    subscribe,
    () => isPressed,
    () => false,
  )
  const [shown, setShown] = useState(value)
  if (!pressed && shown !== value) setShown(value)
  return shown
}

let isPressed = false
const listeners = new Set<() => void>()

function set(pressed: boolean): void {
  if (isPressed === pressed) return
  isPressed = pressed
  for (const tell of listeners) tell()
}
const press = () => set(true)
// The click comes after the release.
const release = () => setTimeout(set, 0, false)

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    addEventListener('pointerdown', press, true)
    addEventListener('pointerup', release, true)
    addEventListener('pointercancel', release, true)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    removeEventListener('pointerdown', press, true)
    removeEventListener('pointerup', release, true)
    removeEventListener('pointercancel', release, true)
    isPressed = false
  }
}
