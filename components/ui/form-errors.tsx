'use client'

import { useState } from 'react'
import type { FieldErrors, FieldValues } from 'react-hook-form'
import type { Cure } from '@/lib/form-result'
import { Callout } from './callout'
import { CureButton } from './cure-button'

type Props<Values extends FieldValues> = {
  errors: FieldErrors<Values>
  /** The visible names of the fields. A field that is left out is not in the summary. */
  labels: Partial<Record<keyof Values, string>>
  /** `formState.submitCount`. The summary changes with each attempt to submit, not while a person types. */
  submitCount: number
}

/**
 * The errors of a form, above its buttons: errors of the whole form are visible, with what cures them; for screen
 * readers, bad fields are named.
 */
export function FormErrors<Values extends FieldValues>({ errors, labels, submitCount }: Props<Values>) {
  const [summary, setSummary] = useState({ submitCount, words: '' })
  if (summary.submitCount !== submitCount) {
    const names = Object.entries(labels).flatMap(([name, label]) => (errors[name] && label ? [label] : []))
    setSummary({ submitCount, words: summaryWords(names) })
  }
  const { message, type } = errors.root ?? {}
  const cure = cures.find((known) => known === type)
  return (
    <>
      {message && (
        <Callout tone="danger" role="alert" action={cure && <CureButton cure={cure} />}>
          {message}
        </Callout>
      )}
      <p key={submitCount} role="alert" className="sr-only">
        {summary.words}
      </p>
    </>
  )
}

const cures: readonly Cure[] = ['reload', 'sign-in']

function summaryWords(names: string[]): string {
  if (names.length === 0) return ''
  return `${names.length === 1 ? 'One field needs' : `${names.length} fields need`} your attention: ${names.join(', ')}.`
}
