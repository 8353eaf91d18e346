'use client'

import { zodResolver } from '@hookform/resolvers/zod'
import { Controller, useForm } from 'react-hook-form'
import type { FormResult } from '@/lib/form-result'
import type { SourceChoice as Choice } from '@/lib/sources/source-queries'
import { allArchived } from '@/lib/sources/source-words'
import { formSourcesSchema, type WebhookForm } from '@/lib/webhooks/webhook-schema'
import * as z from '@/lib/zod'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Callout } from '../ui/callout'
import { Card } from '../ui/card'
import { Form } from '../ui/form'
import { FormErrors } from '../ui/form-errors'
import { toast } from '../ui/toast'
import { useFormAction } from '../ui/use-form-action'
import { KindIcon } from './kind-icon'
import { SourceChoice } from './source-choice'

type Props = {
  /** The linked sources by name (linkedChoices in lib/sources/webhook-sources.ts); null: the WebHook listens to all. */
  linked: Choice[] | null
  /** Whether the WebHook as saved has passed a test fire (storedHasPassed in lib/test-fires/test-passes.ts). */
  testPassed: boolean
  /** Where sources are searched: /settings/sources/find. */
  address: string
  /** Saves the choice (`link` in app/settings/sources/actions.ts, bound to id and version). Undefined for a viewer. */
  save?: (choice: WebhookForm['sources']) => Promise<FormResult>
}

/** The sources of a saved WebHook, on its own page. */
export const LinkedSources = (props: Props) =>
  props.save ? (
    <LinkingForm
      key={JSON.stringify(props.linked?.map(({ id, archived }) => [id, archived]))}
      {...props}
      save={props.save}
    />
  ) : (
    <Card title="Linked sources">
      <SourceNames linked={props.linked} />
    </Card>
  )

const schema = z.object({ sources: formSourcesSchema })

function LinkingForm({ linked, testPassed, address, save }: Props & Required<Pick<Props, 'save'>>) {
  const saved: WebhookForm['sources'] = linked ? { kind: 'chosen', ids: linked.map(({ id }) => id) } : { kind: 'all' }
  const form = useForm({ resolver: zodResolver(schema), defaultValues: { sources: saved } })
  const { errors, submitCount } = form.formState
  const error = errors.sources as { message?: string; ids?: { message?: string } } | undefined
  const { submit, pending } = useFormAction(
    form,
    ({ sources }) => save(sources),
    () => toast.success('The linked sources were saved.'),
  )
  return (
    <Form onSubmit={submit}>
      <Card
        title="Linked sources"
        description="Which sources’ events call the URL."
        footer={
          <Button type="submit" variant="primary" pending={pending} disabled={same(form.watch('sources'), saved)}>
            Save sources
          </Button>
        }
      >
        <Controller
          control={form.control}
          name="sources"
          render={({ field }) => (
            <SourceChoice
              value={field.value}
              onChange={field.onChange}
              linked={linked ?? []}
              saved
              address={address}
              passed={testPassed}
              error={error?.message ?? error?.ids?.message}
              focusRef={field.ref}
            />
          )}
        />
        <FormErrors errors={errors} labels={{ sources: 'Linked sources' }} submitCount={submitCount} />
      </Card>
    </Form>
  )
}

function same(one: WebhookForm['sources'], other: WebhookForm['sources']): boolean {
  if (one.kind === 'all' || other.kind === 'all') return one.kind === other.kind
  const others = new Set(other.ids)
  return one.ids.length === others.size && one.ids.every((id) => others.has(id))
}

function SourceNames({ linked }: Pick<Props, 'linked'>) {
  if (!linked) return <p>All sources, those to come included.</p>
  return (
    <>
      {linked.every(({ archived }) => archived) && <Callout tone="warning">{allArchived}</Callout>}
      <ul className="flex flex-col gap-2">
        {linked.map(({ id, name, kind, archived }) => (
          <li key={id} className="flex min-w-0 items-center gap-2">
            <KindIcon kind={kind} />
            <span className="min-w-0 [overflow-wrap:anywhere]">{name}</span>
            {archived && <Badge>Archived</Badge>}
          </li>
        ))}
      </ul>
    </>
  )
}
