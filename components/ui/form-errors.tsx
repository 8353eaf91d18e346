'use client'

import { useState } from 'react'
import type { FieldErrors, FieldValues } from 'react-hook-form'
import { Callout } from './callout'

type Props<Values extends FieldValues> = {
  errors: FieldErrors<Values>
  /** The fields by the names people see; those left out are not summed up. */
  labels: Partial<Record<keyof Values, string>>
  /** `formState.submitCount`: the summary is read at each attempt, not while typing. */
  submitCount: number
}

/** What is wrong with a form: as a whole in sight, the fields by name for screen readers. Stands above the buttons. */
export function FormErrors<Values extends FieldValues>({ errors, labels, submitCount }: Props<Values>) {
  const [summary, setSummary] = useState({ submitCount, words: '' })
  if (summary.submitCount !== submitCount) {
    const names = Object.entries(labels).flatMap(([name, label]) => (errors[name] && label ? [label] : []))
    setSummary({ submitCount, words: summaryWords(names) })
  }
  return (
    <>
      {errors.root?.message && (
        <Callout tone="danger" role="alert">
          {errors.root.message}
        </Callout>
      )}
      <p key={submitCount} role="alert" className="sr-only">
        {summary.words}
      </p>
    </>
  )
}

function summaryWords(names: string[]): string {
  if (names.length === 0) return ''
  return `${names.length === 1 ? 'One field needs' : `${names.length} fields need`} your attention: ${names.join(', ')}.`
}
