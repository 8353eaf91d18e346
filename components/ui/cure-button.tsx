'use client'

import type { Cure } from '@/lib/form-result'
import { Button } from './button'
import { reloadKeepingForms } from './kept-forms'
import { LinkButton } from './link-button'

/** The way out of an error where trying again does not help. Signing in opens another tab, so that the form stays. */
export const CureButton = ({ cure }: { cure: Cure }) =>
  cure === 'reload' ? (
    <Button size="sm" onClick={reloadKeepingForms}>
      Reload
    </Button>
  ) : (
    <LinkButton size="sm" href="/sign-in" target="_blank">
      Sign in<span className="sr-only"> in another tab</span>
    </LinkButton>
  )
