'use client'

import { useEffect } from 'react'
import type { DefaultValues, FieldValues, UseFormReturn } from 'react-hook-form'
import * as z from '@/lib/zod'

// What was typed survives a reload that the hub itself asks for, because its page is of another build. Until the page is
// back, the tab's session storage has the changed fields of each form. Passwords are never stored.

const place = 'hearback.kept-forms'
const keptSchema = z.object({ address: z.string(), forms: z.array(z.record(z.string(), z.unknown())) })

const openForms = new Set<() => Record<string, unknown>>()
const listeners = new Set<() => void>()
let restored = 0
let reloading = false

/** Loads the page again and fills in its forms as they are now. */
export function reloadKeepingForms(): void {
  const forms = [...openForms].map((read) => read()).filter((fields) => Object.keys(fields).length > 0)
  sessionStorage.setItem(place, JSON.stringify({ address: here(), forms }))
  reloading = true
  location.reload()
}

/** Whether the page is being loaded again with its forms kept: nothing is lost by leaving it. */
export const isReloading = (): boolean => reloading

/** Counts how often forms were filled in again. Parts that took their state from the values before are drawn anew. */
export const restoredForms = {
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  count: () => restored,
}

/** Keeps a form's changed fields through `reloadKeepingForms`. */
export function useKeptForm<Values extends FieldValues, Context, Parsed>(form: UseFormReturn<Values, Context, Parsed>) {
  useEffect(() => {
    const initial: Record<string, unknown> = structuredClone(form.getValues())
    const kept = takeKept(Object.keys(initial))
    if (kept) {
      form.reset({ ...initial, ...kept } as DefaultValues<Values>, { keepDefaultValues: true })
      restored += 1
      for (const notify of listeners) notify()
    }
    const read = () => changedFields(form.getValues(), initial)
    openForms.add(read)
    return () => void openForms.delete(read)
  }, [form])
}

function changedFields(values: Record<string, unknown>, initial: Record<string, unknown>): Record<string, unknown> {
  const passwords = new Set(
    [...document.querySelectorAll<HTMLInputElement>('input[autocomplete$="-password"]')].map(({ name }) => name),
  )
  const changed = Object.entries(values).filter(
    ([name, value]) => !passwords.has(name) && JSON.stringify(value) !== JSON.stringify(initial[name]),
  )
  return Object.fromEntries(changed)
}

/** The kept fields of the form that has these names. They are given once; those of another page are dropped. */
function takeKept(names: string[]): Record<string, unknown> | undefined {
  const stored = sessionStorage.getItem(place)
  if (stored === null) return undefined
  sessionStorage.removeItem(place)
  const { address, forms } = keptSchema.parse(JSON.parse(stored))
  if (address !== here()) return undefined
  const index = forms.findIndex((fields) => Object.keys(fields).every((name) => names.includes(name)))
  const [kept] = index === -1 ? [] : forms.splice(index, 1)
  if (forms.length > 0) sessionStorage.setItem(place, JSON.stringify({ address, forms }))
  return kept
}

const here = (): string => location.pathname + location.search
