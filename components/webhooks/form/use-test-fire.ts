'use client'

import { useState } from 'react'
import type { Path } from 'react-hook-form'
import type { TestFireAnswer } from '@/lib/test-fires/test-fire-form'
import { type WebhookFormInput, webhookFormSchema } from '@/lib/webhooks/webhook-schema'
import { useAction } from '../../ui/use-action'
import { useRecordPass } from './test-passes'
import type { Sample } from './use-sample'
import { fieldLabels, useWebhookForm, useWebhookFormSetting } from './webhook-form-state'

/** Fires the form as it stands; what stops it is said in the panel and at its fields. */
export function useTestFire(sample: Sample) {
  const { getValues, setError } = useWebhookForm()
  const { actions, context } = useWebhookFormSetting()
  const recordPass = useRecordPass()
  const { run, pending } = useAction()
  const [answer, setAnswer] = useState<TestFireAnswer>()
  const [problems, setProblems] = useState<string[]>([])

  const refuse = (errors: { field?: string; message: string }[]) => {
    setProblems(
      errors.map(({ field, message }) => {
        const label = fieldLabels[field?.split('.')[0] as keyof WebhookFormInput]
        return label ? `${label}: ${message}` : message
      }),
    )
    for (const { field, message } of errors)
      if (field === 'sample') sample.refuse(message)
      else if (field) setError(field as Path<WebhookFormInput>, { message })
  }

  const fire = () => {
    setProblems([])
    const event = sample.read()
    if (event === undefined) return setProblems(['The sample event is not in order: open it to see what is wrong.'])
    const values = structuredClone(getValues())
    // Neither the name nor the sources matter yet: it takes a test fire to choose these.
    const wrong =
      webhookFormSchema(context)
        .safeParse({ ...values, sources: { kind: 'all' } })
        .error?.issues.filter(({ path }) => path[0] !== 'name') ?? []
    if (wrong.length > 0) return refuse(wrong.map(({ path, message }) => ({ field: path.join('.'), message })))
    run(
      () => actions.testFire(values, event),
      (result) => {
        if (!result.ok) return refuse(result.errors)
        setAnswer(result.value)
        if (result.value.passed) recordPass(values)
      },
    )
  }
  return { fire, pending, answer, problems }
}
