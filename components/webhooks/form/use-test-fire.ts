'use client'

import { useState, useTransition } from 'react'
import type { Path } from 'react-hook-form'
import type { TestFireAnswer } from '@/lib/webhooks/test-fire-form'
import { type WebhookFormInput, webhookFormSchema } from '@/lib/webhooks/webhook-schema'
import type { Sample } from './use-sample'
import { fieldLabels, useWebhookForm, useWebhookFormSetting } from './webhook-form-state'

/** Fires the form as it stands; what stops it is said in the panel and at its fields. */
export function useTestFire(sample: Sample) {
  const { getValues, setError } = useWebhookForm()
  const { actions, context } = useWebhookFormSetting()
  const [pending, startTransition] = useTransition()
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
    if (event === undefined) return setProblems(['The sample event is not in order: unfold it to see what is wrong.'])
    const values = getValues()
    const wrong =
      webhookFormSchema(context)
        .safeParse(values)
        .error?.issues.filter(({ path }) => path[0] !== 'name') ?? []
    if (wrong.length > 0) return refuse(wrong.map(({ path, message }) => ({ field: path.join('.'), message })))
    startTransition(async () => {
      const result = await actions.testFire(values, event).catch(() => undefined)
      if (!result) return setProblems(['The hub can’t be reached right now. Check your connection and try again.'])
      if (result.ok) setAnswer(result.value)
      else refuse(result.errors)
    })
  }
  return { fire, pending, answer, problems }
}
