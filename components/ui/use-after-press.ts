'use client'

import { useState, useSyncExternalStore } from 'react'

/**
 * Returns `value`, but keeps the value before while a mouse button is down. A press on a button blurs the field; if its
 * error appeared at once, it would move the button away from the pointer and the click would be lost.
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
  for (const notify of listeners) notify()
}
const press = () => set(true)
// The click event follows pointerup.
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
