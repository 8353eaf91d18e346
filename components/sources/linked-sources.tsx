'use client'

import { useState, useTransition } from 'react'
import type { FormResult } from '@/lib/form-result'
import type { SourceChoice as Choice } from '@/lib/sources/source-queries'
import { allArchived } from '@/lib/sources/source-words'
import type { WebhookForm } from '@/lib/webhooks/webhook-schema'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Callout } from '../ui/callout'
import { Card } from '../ui/card'
import { refusedBy } from '../ui/refused-by'
import { toast } from '../ui/toast'
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
    <LinkingForm key={JSON.stringify(props.linked?.map(({ id, archived }) => [id, archived]))} {...props} />
  ) : (
    <Card title="Linked sources">
      <SourceNames linked={props.linked} />
    </Card>
  )

function LinkingForm({ linked, testPassed, address, save }: Props) {
  const saved: WebhookForm['sources'] = linked ? { kind: 'chosen', ids: linked.map(({ id }) => id) } : { kind: 'all' }
  const [value, setValue] = useState(saved)
  const [error, setError] = useState<string>()
  const [pending, startTransition] = useTransition()
  const submit = () =>
    startTransition(async () => {
      if (value.kind === 'chosen' && value.ids.length === 0)
        return setError('Choose at least one source, or listen to all of them.')
      const result = await save?.(value).catch(refusedBy)
      if (!result) return
      setError(result.ok ? undefined : result.errors[0]?.message)
      if (result.ok) toast.success('The linked sources were saved.')
    })
  return (
    <Card
      title="Linked sources"
      description="Which sources’ events call the URL."
      footer={
        <Button variant="primary" pending={pending} disabled={same(value, saved)} onClick={submit}>
          Save sources
        </Button>
      }
    >
      <SourceChoice
        value={value}
        onChange={(next) => {
          setError(undefined)
          setValue(next)
        }}
        linked={linked ?? []}
        saved
        address={address}
        passed={testPassed}
        error={error}
      />
    </Card>
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
