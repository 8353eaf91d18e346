'use client'

import { useController } from 'react-hook-form'
import { SourceChoice } from '../../sources/source-choice'
import { Card } from '../../ui/card'
import { useHasPassed } from './test-passes'
import { useWebhookForm, useWebhookFormSetting } from './webhook-form-state'

/** The sources whose events call the URL. It comes after security, because adding one needs a test fire with it. */
export function SourcesCard() {
  const { control, formState } = useWebhookForm()
  const { sources, version } = useWebhookFormSetting()
  const { field } = useController({ control, name: 'sources' })
  const passed = useHasPassed()
  const error = formState.errors.sources as { message?: string; ids?: { message?: string } } | undefined
  return (
    <Card title="Sources" description="Which sources’ events call the URL.">
      <SourceChoice
        value={field.value ?? { kind: 'all' }}
        onChange={field.onChange}
        linked={sources.linked}
        saved={version !== null}
        address={sources.address}
        passed={passed}
        error={error?.message ?? error?.ids?.message}
        focusRef={field.ref}
      />
    </Card>
  )
}
