'use client'

import { type ComponentProps, useSyncExternalStore } from 'react'
import { restoredForms } from './kept-forms'

type Props = Omit<ComponentProps<'form'>, 'noValidate' | 'method' | 'action'>

/**
 * A form whose fields are disabled until React has hydrated them. Before that, typed text would be overwritten, and
 * Enter would send the fields, even a password, in the address of a GET request.
 */
export function Form({ children, ...rest }: Props) {
  const hydrating = useSyncExternalStore(subscribe, onClient, onServer)
  const restored = useSyncExternalStore(restoredForms.subscribe, restoredForms.count, restoredForms.count)
  return (
    <form {...rest} noValidate>
      <fieldset key={restored} disabled={hydrating} data-hydrating={hydrating || undefined} className="contents">
        {children}
      </fieldset>
    </form>
  )
}

const subscribe = () => () => {}
const onClient = () => false
const onServer = () => true
