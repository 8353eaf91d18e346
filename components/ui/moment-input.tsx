'use client'

import { useEffect, useRef } from 'react'
import { Input } from './input'

type Props = {
  /** Unix milliseconds; undefined: none is set. */
  at: number | undefined
  /** Called when a person has left the field with another moment in it. */
  onChange: (at: number | undefined) => void
}

/** A date and time in the reader's time zone. Put it in a Field. */
export function MomentInput({ at, onChange }: Props) {
  const input = useRef<HTMLInputElement>(null)
  // The server does not know the reader's time zone.
  useEffect(() => {
    if (input.current) input.current.value = at === undefined ? '' : localText(at)
  }, [at])
  const commit = (text: string) => {
    const entered = text === '' ? undefined : Date.parse(text)
    if (Number.isNaN(entered) || text === (at === undefined ? '' : localText(at))) return
    onChange(entered)
  }
  return (
    <Input
      ref={input}
      type="datetime-local"
      max="9999-12-31T23:59"
      onBlur={({ target }) => commit(target.value)}
      onKeyDown={({ key, currentTarget }) => key === 'Enter' && commit(currentTarget.value)}
    />
  )
}

/** "2026-11-20T11:12", as the control writes it. */
function localText(at: number): string {
  const moment = new Date(at)
  return new Date(at - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
