'use client'

import { type ComponentProps, useSyncExternalStore } from 'react'

type Props = Omit<ComponentProps<'form'>, 'noValidate' | 'method' | 'action'>

/**
 * A form whose fields take nothing until React listens to them: what is typed before would be overwritten, and Enter
 * would send the fields, a password too, in the address of a GET.
 */
export function Form({ children, ...rest }: Props) {
  const asleep = useSyncExternalStore(neverChanges, isAwake, isAsleep)
  return (
    <form {...rest} noValidate>
      <fieldset disabled={asleep} data-asleep={asleep || undefined} className="contents">
        {children}
      </fieldset>
    </form>
  )
}

const neverChanges = () => () => {}
const isAwake = () => false
const isAsleep = () => true
