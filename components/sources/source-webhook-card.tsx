'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { Send } from 'lucide-react'
import { useForm } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import { type SourceWebhookForm, sourceWebhookSchema } from '@/lib/sources/source-schema'
import type { SourceWebhook } from '@/lib/sources/source-webhook'
import type { TestFireAnswer } from '@/lib/test-fires/test-fire-form'
import { showId } from '@/lib/type-id'
import { testFireWords } from '../calls/call-words'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Callout } from '../ui/callout'
import { Card } from '../ui/card'
import { Field } from '../ui/field'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { Input } from '../ui/input'
import { Link } from '../ui/link'
import { SecretField } from '../ui/secret-field'
import { toast } from '../ui/toast'
import { toastRefusal } from '../ui/toast-refusal'
import { useAction } from '../ui/use-action'
import { useFormAction } from '../ui/use-form-action'

type Props = {
  /** Undefined until a URL is saved. */
  webhook: SourceWebhook | undefined
  /** Undefined for a viewer. */
  actions:
    | {
        save: (values: SourceWebhookForm) => Promise<FormResult>
        testFire?: () => Promise<FormResult<TestFireAnswer>>
        revealSecret?: () => Promise<{ value: string } | { error: string }>
      }
    | undefined
}

/** A URL in a source's settings makes a WebHook of that source alone, as in Rateup's “Webhook Usage Guide”. */
export function SourceWebhookCard({ webhook, actions }: Props) {
  const form = useForm<SourceWebhookForm>({
    resolver: zodResolver(sourceWebhookSchema),
    defaultValues: { url: webhook?.url ?? '' },
  })
  const { errors, submitCount, isDirty } = form.formState
  const save = actions?.save ?? (async () => ({ ok: true as const, value: undefined }))
  const { submit, pending } = useFormAction(form, save, (_, saved) => {
    form.reset(saved)
    toast.success(webhook ? 'The URL was changed.' : 'The WebHook was made. It is on.', {
      description: 'It is not tested yet.',
    })
  })
  const inClear = /^http:\/\//i.test(form.watch('url').trim()) && !errors.url
  return (
    <Form onSubmit={submit}>
      <Card
        title="WebHook"
        description="We POST each response to this source in Rateup’s format, signed with the client secret."
        footer={
          actions && (
            <Button type="submit" variant="primary" pending={pending} disabled={!isDirty}>
              Save changes
            </Button>
          )
        }
      >
        <Field label="Webhook URL" help="The address at your end that we POST to." error={errors.url?.message}>
          <Input
            mono
            type="url"
            inputMode="url"
            autoComplete="off"
            placeholder="https://example.com/webhook-endpoint"
            readOnly={!actions}
            {...form.register('url')}
          />
        </Field>
        {inClear && (
          <Callout tone="warning" title="This address is not encrypted">
            Ratings travel in clear: anyone on the way can read and change them. Use https:// if your endpoint has it.
          </Callout>
        )}
        <FormErrors errors={errors} labels={{ url: 'Webhook URL' }} submitCount={submitCount} />
        {webhook && <MadeWebhook webhook={webhook} actions={actions} />}
      </Card>
    </Form>
  )
}

function MadeWebhook({ webhook: { id, name, enabled, tested }, actions }: Props & { webhook: SourceWebhook }) {
  const { run, pending } = useAction()
  const testFire = actions?.testFire
  const fire = (testFire: () => Promise<FormResult<TestFireAnswer>>) =>
    run(testFire, (result) => {
      if (!result.ok) return toastRefusal(result, { title: 'The test fire was not made.' })
      const { failure } = result.value
      toast[failure === null ? 'success' : 'error']('Test fire', { description: `${testFireWords(result.value)}.` })
    })
  return (
    <div className="flex flex-col gap-4 border-border border-t pt-4">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span>
          It made the WebHook{' '}
          <Link href={`/settings/webhooks/${showId('webhook', id)}`} className="text-accent-text underline">
            {name}
          </Link>
        </span>
        <Badge tone={tested ? 'success' : 'warning'}>{tested ? 'Tested' : 'Not tested yet'}</Badge>
        {!enabled && <Badge>Off</Badge>}
      </p>
      {actions?.revealSecret && (
        <div className="flex flex-col gap-2">
          <div>
            <p className="font-medium">Client secret</p>
            <p className="text-muted text-sm">Your endpoint checks with it that a call is ours and unchanged.</p>
          </div>
          <SecretField label="Client secret" reveal={actions.revealSecret} />
        </div>
      )}
      {testFire && (
        <Button icon={<Send aria-hidden />} pending={pending} onClick={() => fire(testFire)} className="self-start">
          Test fire
        </Button>
      )}
    </div>
  )
}
