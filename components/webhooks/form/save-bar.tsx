'use client'

import { useDeferredValue, useMemo } from 'react'
import { useWatch } from 'react-hook-form'
import { type WebhookFormInput, webhookFormSchema } from '@/lib/webhooks/webhook-schema'
import { Button } from '../../ui/button'
import { LinkButton } from '../../ui/link-button'
import { fieldLabels, useWebhookForm, useWebhookFormSetting } from './webhook-form-state'

/** The buttons of the form, always in sight, with what is missing before it can be saved. */
export function SaveBar({ pending }: { pending: boolean }) {
  const { version } = useWebhookFormSetting()
  return (
    <div className="sticky bottom-0 z-10 -mx-1 flex flex-wrap items-center gap-x-4 gap-y-2 border-border border-t bg-surface px-1 py-3">
      <div className="flex flex-wrap gap-2">
        <Button type="submit" variant="primary" pending={pending}>
          {version === null ? 'Save WebHook' : 'Update WebHook'}
        </Button>
        <LinkButton href="/settings/webhooks">Back To WebHooks</LinkButton>
      </div>
      <SaveState />
    </div>
  )
}

function SaveState() {
  const { control, formState } = useWebhookForm()
  const { context, version } = useWebhookFormSetting()
  const schema = useMemo(() => webhookFormSchema(context), [context])
  const values = useDeferredValue(useWatch({ control }) as WebhookFormInput)
  const words = useMemo(() => stateWords(values, schema), [values, schema])
  const saved = version !== null && !formState.isDirty
  return (
    <p role="status" className="min-w-0 flex-1 basis-48 text-muted text-sm">
      {words ||
        (saved ? 'Nothing is changed yet.' : version === null ? 'Nothing is missing.' : 'Changes are not saved yet.')}
    </p>
  )
}

/** "Missing: Rule name, WebHook URL." and "To correct: Retries.", or '' when the form can be saved. */
function stateWords(values: WebhookFormInput, schema: ReturnType<typeof webhookFormSchema>): string {
  const parsed = schema.safeParse(values)
  if (parsed.success) return ''
  const wrong = new Set(parsed.error.issues.map(({ path }) => path[0] as keyof WebhookFormInput))
  const named = (missing: boolean) =>
    Object.entries(fieldLabels).flatMap(([name, label]) => {
      const field = name as keyof WebhookFormInput
      return wrong.has(field) && isEmpty(values[field]) === missing ? [label] : []
    })
  const line = (words: string, fields: string[]) => (fields.length > 0 ? [`${words}: ${fields.join(', ')}.`] : [])
  return [...line('Missing', named(true)), ...line('To correct', named(false))].join(' ')
}

const isEmpty = (value: unknown) =>
  value === undefined ||
  value === null ||
  (typeof value === 'string' ? value.trim() === '' : Array.isArray(value) && value.length === 0)
